import assert from "node:assert/strict";
import { isRemoteStoreOf, remoteStoreName, storeName, volumeName } from "./names.ts";

const DIGEST = "0123456789ab";

Deno.test("volumeName() is another one for each share of each namespace", () => {
  const names = [volumeName("a", "b.c"), volumeName("a-b", "c"), volumeName("a", "b-c")];
  assert.equal(new Set(names).size, 3);
  assert.equal(volumeName("files", "projects"), "dittoshare.files.projects");
});

/** The name of a store, and whether it is one of a bucket of share "a". */
const cases: [string, boolean][] = [
  [remoteStoreName("a", DIGEST), true],
  [storeName("a"), false],
  [remoteStoreName("a-b", DIGEST), false],
  [remoteStoreName("A", DIGEST), false],
  [`share-a-${DIGEST.toUpperCase()}`, false],
  [`share-a-${DIGEST}0`, false],
  [`my-share-a-${DIGEST}`, false],
];
for (const [name, expected] of cases) {
  Deno.test(`isRemoteStoreOf() says ${expected} of "${name}"`, () => {
    assert.equal(isRemoteStoreOf("a", name), expected);
  });
}
