// Every sample is what the API server accepts, unchanged and without a warning.

import assert from "node:assert/strict";
import { parseAllDocuments } from "yaml";
import { RESOURCES } from "../../api/resources.ts";
import { operatorGround } from "./_operator.ts";
import type { TestPlane } from "./_plane.ts";

let ground: TestPlane;

Deno.test.beforeAll(async () => {
  ground = await operatorGround({ controllerManager: false });
  // Which a namespace has on a real cluster, and no pod is accepted without.
  await ground.kubectl(["create", "serviceaccount", "default", "--namespace=default"]);
});
Deno.test.afterAll(async () => await ground[Symbol.asyncDispose]());

const folder = new URL("../../samples/", import.meta.url);

/** What is in a sample, as far as it is of interest here. */
interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string };
}

const samples = [...Deno.readDirSync(folder)].map(({ name }) => name).sort().map((name) => ({
  name,
  manifests: parseAllDocuments(Deno.readTextFileSync(new URL(name, folder)))
    .map((document) => document.toJS() as Manifest),
}));

for (const { name, manifests } of samples) {
  Deno.test(`samples/${name} can be applied as it is (W38)`, async () => {
    const said = await ground.kubectl([
      ...["apply", "--namespace=default", "--validate=strict", "--dry-run=server"],
      ...["--filename", new URL(name, folder).pathname],
    ]);
    const created = said.trim().split("\n").map((line) => {
      const [, kind, object] = /^([a-z]+)[^/]*\/(\S+) created \(server dry run\)$/.exec(line) ?? [];
      return `${kind}/${object}`;
    });
    const wanted = manifests.map(({ kind, metadata }) => `${kind.toLowerCase()}/${metadata.name}`);
    assert.deepEqual(created, wanted);
  });
}

Deno.test("samples/ has one of every resource", () => {
  const kinds = samples.flatMap(({ manifests }) => manifests.map(({ kind }) => kind));
  for (const { definition } of RESOURCES) assert.ok(kinds.includes(definition.kind));
});

Deno.test("samples/share.yaml has all that the others are on, so that they can follow it", () => {
  const [server] = samples.find(({ name }) => name === "share.yaml")?.manifests ?? [];
  assert.deepEqual([server?.kind, server?.metadata.name], ["DittoServer", "files"]);
});
