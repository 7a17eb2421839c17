// Memory, local blocks, garbage collection, snapshots.

import { FULL, MINIMAL } from "./_full.ts";
import { amount, duration, snapshotSchedule } from "./_forms.ts";
import type { JsonObject } from "./_json.ts";
import { between, bounds, form, longest, most, refused, required, type Row } from "./_table.ts";

export const engine: readonly Row[] = [
  ...amount("memory.badgerBlockCache", "64Mi"),
  ...amount("memory.badgerIndexCache", "32Mi"),
  ...amount("memory.readBuffer", "64Mi"),
  ...amount("blockStore.defaultRemoteCacheSize", "10Gi"),
  ...amount("blockStore.maxLogBytes", "1Gi"),
  ...duration("blockStore.backpressureMaxWait", {
    ...{ from: "1s", to: "1h", example: "60s", tooShort: "999ms", tooLong: "1h1s" },
  }),
  ...duration("gc.interval", {
    ...{ from: "1m", to: "168h", example: "15m", tooShort: "0s", tooLong: "169h" },
  }),
  ...duration("gc.gracePeriod", {
    ...{ from: "5m", to: "8760h", example: "1h", tooShort: "4m59s", tooLong: "8761h" },
  }),
  ...bounds("gc.dryRunSampleSize", 1, 1_000_000),
  ...bounds("gc.compactionLivePercent", 0, 100),
  ...duration("snapshots.schedulerPollInterval", {
    ...{ from: "1s", to: "24h", example: "1m", tooShort: "999ms", tooLong: "25h" },
  }),
  ...duration("snapshots.restoreTimeout", {
    ...{ from: "1s", to: "24h", example: "30m", tooShort: "999ms", tooLong: "25h" },
  }),
];

const policies = (...shares: string[]): JsonObject => ({
  ...MINIMAL,
  snapshotPolicies: shares.map((share) => ({ share, interval: "@daily" })),
});

export const snapshotPolicies: readonly Row[] = [
  ...required("snapshotPolicies[0].share"),
  ...form(
    "snapshotPolicies[0].share",
    "the name of a share: one segment, with or without a leading /, such as /archive",
    { accepted: ["a", "/a", "/a.b-c_d"], refused: ["", "/", "/a/b", "a b", "a:b"] },
  ),
  ...longest("snapshotPolicies[0].share", 256),
  ...snapshotSchedule("snapshotPolicies[0]", FULL),
  ...most("snapshotPolicies", 64, (index) => ({ share: `s${index}`, interval: "@daily" })),
  refused(
    "snapshotPolicies",
    {},
    FULL,
    `Invalid value: "object": spec.snapshotPolicies in body must be of type array: "object"`,
  ),
  ...between({
    field: "spec.snapshotPolicies",
    of: "array",
    message:
      "two policies are for the same share, and the last would win; leave one policy for each share",
    accepted: [policies("/a", "b")],
    refused: [policies("/a", "/a"), policies("/a", "a"), policies("x", "a", "y", "a")],
  }),
];
