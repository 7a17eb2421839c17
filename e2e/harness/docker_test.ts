import assert from "node:assert/strict";
import { oldImages } from "./docker.ts";

Deno.test("oldImages names what is older than a time, never the one in use or without a name", () => {
  const list = [
    "dittofs-operator:a\t2026-01-01 10:00:00 +0000 UTC",
    "dittofs-operator:b\t2026-01-20 10:00:00 +0000 UTC",
    "dittofs-operator:c\t2026-01-01 10:00:00 +0000 UTC",
    "dittofs-operator:<none>\t2026-01-01 10:00:00 +0000 UTC",
    "dittofs-operator:d\tlong ago",
    "",
  ].join("\n");
  const before = Date.parse("2026-01-10T00:00:00Z");
  assert.deepEqual(oldImages(list, "dittofs-operator:c", before), ["dittofs-operator:a"]);
});
