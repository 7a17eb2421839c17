import assert from "node:assert/strict";
import type { DittoShareInput } from "../../api/dittoshare.ts";
import { DittofsClient } from "../../dittofs/client.ts";
import type { Share as Row } from "../../dittofs/shares.ts";
import { HandClock } from "../../dittofs/testing/hand_clock.ts";
import { RoutedHttp } from "../../dittofs/testing/routed_http.ts";
import { testServer } from "../dittoserver/_fixture.ts";
import { BUCKET, testShare } from "./_fixture.ts";
import { shareRow } from "./_rows.ts";
import { placementOf } from "./placement.ts";
import { lackOf, shareFields } from "./row.ts";

/** A row as the client gives it. */
async function rowOf(more: Readonly<Record<string, unknown>> = {}): Promise<Row> {
  const http = new RoutedHttp({ "GET /shares/projects": shareRow(more) });
  const { shares } = new DittofsClient({ http, clock: new HandClock(), baseUrl: "http://s:8080" });
  const row = await shares.get("projects");
  assert.ok(row);
  return row;
}

function wanted(spec: Partial<DittoShareInput> = {}) {
  const [share, server] = [testShare(spec), testServer()];
  return shareFields(share, server, placementOf(share, server, {}, undefined));
}

Deno.test("lackOf() finds nothing in the row of a share with the defaults", async () => {
  assert.deepEqual(lackOf(await rowOf(), wanted(), true), { fields: {}, names: [], atRestart: [] });
});

/** A part of the spec, what is sent for it, and what of that waits for a restart. */
const cases: [Partial<DittoShareInput>, Record<string, unknown>, string[]][] = [
  [{ defaultPermission: "read" }, { defaultPermission: "read" }, []],
  [{ readOnly: true }, { readOnly: true }, []],
  [{ quota: "1Gi" }, { quotaBytes: 2 ** 30 }, []],
  [{ smb: { encryptData: true } }, { encryptData: true }, ["smb.encryptData"]],
  [{ smb: { accessBasedEnumeration: true } }, { accessBasedEnumeration: true }, [
    "smb.accessBasedEnumeration",
  ]],
  [{ smb: { changeNotify: false } }, { changeNotifyDisabled: true }, ["smb.changeNotify"]],
  [{ smb: { streams: false } }, { streamsDisabled: true }, ["smb.streams"]],
  [{ smb: { mfsymlinks: true } }, { allowMfsymlink: true }, ["smb.mfsymlinks"]],
  [{ smb: { continuousAvailability: true } }, { continuousAvailability: true }, [
    "smb.continuousAvailability",
  ]],
  [{ smb: { aclFlagInheritedCanonicalization: false } }, {
    aclFlagInheritedCanonicalization: false,
  }, ["smb.aclFlagInheritedCanonicalization"]],
  [{ trash: {} }, { trashEnabled: true }, []],
  [{ trash: { retentionDays: 7, maxSize: "1Mi", exclude: ["*.tmp"] } }, {
    ...{ trashEnabled: true, trashRetentionDays: 7, trashMaxBytes: 2 ** 20 },
    trashExcludePatterns: ["*.tmp"],
  }, []],
  [{ storage: { local: { size: "100Mi" } } }, { localStoreSize: 100 * 2 ** 20 }, [
    "the size of the local store",
  ]],
  [{ storage: { remote: { ...BUCKET.remote, cache: { policy: "ttl", ttl: "72h" } } } }, {
    ...{ retentionPolicy: "ttl", retentionTtl: "72h" },
  }, []],
];
for (const [spec, sent, later] of cases) {
  Deno.test(`lackOf() sends what ${JSON.stringify(spec)} asks for, and nothing else`, async () => {
    const { fields, names, atRestart } = lackOf(await rowOf(), wanted(spec), false);
    assert.deepEqual(fields, sent);
    assert.deepEqual(atRestart, later);
    assert.equal(names.length, Object.keys(sent).length);
  });
}

Deno.test("lackOf() compares sizes and durations, and not how the server shows them", async () => {
  const row = await rowOf({
    ...{ quota_bytes: "1.46GiB", retention_policy: "ttl", retention_ttl: "72h0m0s" },
  });
  const remote = { ...BUCKET.remote, cache: { policy: "ttl", ttl: "4320m" } } as const;
  const { names } = lackOf(row, wanted({ quota: "1500Mi", storage: { remote } }), false);
  assert.deepEqual(names, []);
});

Deno.test("lackOf() sends a quota that only reads alike when the spec was just changed", async () => {
  const row = await rowOf({ quota_bytes: "1.46GiB" });
  assert.deepEqual(lackOf(row, wanted({ quota: "1500Mi" }), false).fields, {});
  assert.deepEqual(lackOf(row, wanted({ quota: "1500Mi" }), true).fields, {
    quotaBytes: 1500 * 2 ** 20,
  });
});

Deno.test("shareFields() leaves the bin alone where the spec says nothing of it", async () => {
  const row = await rowOf({ trash_enabled: true, trash_retention_days: 3 });
  assert.deepEqual(lackOf(row, wanted(), true).names, []);
  assert.deepEqual(lackOf(row, wanted({ trash: { enabled: false } }), true).names, [
    ...["trash.enabled", "trash.retentionDays"],
  ]);
});

Deno.test("shareFields() takes a quota away that the spec does not have", async () => {
  const { fields, names } = lackOf(await rowOf({ quota_bytes: "1.00GiB" }), wanted(), false);
  assert.deepEqual([fields, names], [{ quotaBytes: 0 }, ["quota"]]);
});
