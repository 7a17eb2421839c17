import assert from "node:assert/strict";
import { describePackages, packageOf } from "./debian_layer.ts";

Deno.test("packageOf is what stands before the version, which may hold anything", () => {
  assert.equal(packageOf("libz3-4_4.8.12-3.1_amd64.deb"), "libz3-4");
  assert.equal(packageOf("samba-libs_2%3a4.17.12+dfsg-0+deb12u4_amd64.deb"), "samba-libs");
});

Deno.test("describePackages changes with everything that decides the layer", () => {
  const wanted = { packages: ["curl"], without: ["perl"], exclude: ["./x"] };
  const changed = [
    wanted,
    { ...wanted, packages: ["jq"] },
    { ...wanted, without: [] },
    { ...wanted, exclude: [] },
  ];
  assert.equal(new Set(changed.map(describePackages)).size, changed.length);
});
