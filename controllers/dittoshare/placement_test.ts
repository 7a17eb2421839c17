import assert from "node:assert/strict";
import type { DittoServerInput, DittoServerStatus } from "../../api/dittoserver.ts";
import type { DittoShareInput } from "../../api/dittoshare.ts";
import { testServer } from "../dittoserver/_fixture.ts";
import { BUCKET, testShare } from "./_fixture.ts";
import { placementOf } from "./placement.ts";

const MIB = 1024 ** 2;
const BOTH = { metadataSize: "10Gi", contentSize: "100Gi" } as const;
type Storage = DittoShareInput["storage"];

function placed(
  storage: Storage,
  server: Partial<DittoServerInput> = { storage: BOTH },
  volumes: DittoServerStatus["volumes"] = [],
) {
  const share = testShare(storage ? { storage } : {});
  return placementOf(share, testServer(server), { volumes }, undefined);
}

const bound = (name: string, capacity: string) => ({
  ...{ name, capacity, claim: `${name}-demo-0`, requested: capacity, state: "Bound" as const },
});

/** The storage of a share, what is special about the server, and MiB for its contents. */
const sizes: [string, Storage, Partial<DittoServerInput>, number][] = [
  ["all that there is room for", undefined, { storage: BOTH }, 92_160],
  ["what the spec says", { local: { size: "5Gi" } }, { storage: BOTH }, 5_120],
  [
    "less where metadata is on the volume too",
    undefined,
    { storage: { metadataSize: "10Gi" } },
    7_168,
  ],
  ["10Gi for a cache", BUCKET, { storage: BOTH }, 10_240],
  [
    "what the server has for caches",
    BUCKET,
    { storage: BOTH, blockStore: { defaultRemoteCacheSize: "3Gi" } },
    3_072,
  ],
  [
    "no more for a cache than there is room for",
    BUCKET,
    { storage: { ...BOTH, contentSize: "1Gi" } },
    921,
  ],
  [
    "what the spec says of the cache",
    { remote: { ...BUCKET.remote, cache: { size: "20Gi" } } },
    { storage: BOTH },
    20_480,
  ],
];
for (const [what, storage, server, mib] of sizes) {
  Deno.test(`placementOf() gives contents ${what}`, () => {
    const { localSize, tooSmall } = placed(storage, server);
    assert.equal(localSize, mib * MIB);
    assert.equal(tooSmall, undefined);
  });
}

Deno.test("placementOf() follows the size that the volume really has", () => {
  const volumes = [bound("content", "200Gi")];
  assert.equal(placed(undefined, { storage: BOTH }, volumes).localSize, 184_320 * MIB);
});

Deno.test("placementOf() says what is wanted and what there is when it does not fit", () => {
  const { localSize, tooSmall } = placed({ local: { size: "95Gi" } });
  assert.equal(localSize, 92_160 * MIB);
  assert.match(tooSmall ?? "", /spec\.storage\.local\.size is 95Gi.*"demo" 92160Mi/);
  const cached = placed({ remote: { ...BUCKET.remote, cache: { size: "95Gi" } } });
  assert.match(cached.tooSmall ?? "", /spec\.storage\.remote\.cache\.size is 95Gi/);
});

Deno.test("placementOf() leaves contents where they are when the server gets a volume for them", () => {
  const server = testServer({ storage: BOTH });
  const { volume, directory, claim } = placementOf(testShare(), server, {}, "metadata");
  assert.deepEqual([volume, directory, claim], [
    ...["metadata", "/data/store/metadata/blocks", "metadata-demo-0"],
  ]);
});
