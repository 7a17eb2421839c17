import assert from "node:assert/strict";
import type { DittoShare } from "../../api/dittoshare.ts";
import type { Live } from "../../kube/object.ts";
import { testResource } from "../dittoserver/_fixture.ts";
import { shareResource } from "./_fixture.ts";
import { rivalOf } from "./rivals.ts";
import { shareWatches } from "./share_kinds.ts";

type Resource = Live<DittoShare>;

const at = (second: number) => `2030-01-01T00:00:${String(second).padStart(2, "0")}Z`;

/** A resource that wants share "data" of the server; with `stores` it has it. */
function wanting(name: string, second: number, more: { namespace?: string; stores?: true } = {}) {
  const { namespace = "files", stores } = more;
  const spec = { shareName: "data", serverRef: { name: "demo", namespace: "files" } };
  const metadata = { name, namespace, uid: `uid-${name}`, creationTimestamp: at(second) };
  const had = { metadata: "share-data", local: "share-data", volume: "content" } as const;
  const resource = shareResource(spec, metadata);
  return stores ? { ...resource, status: { stores: had } } : resource;
}

/** Who of them has it, by name, as each sees it. */
function holders(resources: readonly Resource[], allowedNamespaces: string[] = []): string[] {
  const { kinds: { shares: { cache } } } = shareWatches();
  for (const resource of resources) cache.observe(resource);
  const servers = { get: () => testResource({ allowedNamespaces }) };
  return resources.map((resource) => (rivalOf(resource, cache, servers) ?? resource).metadata.name);
}

Deno.test("rivalOf() has the older one be it, for all of them and in any order", () => {
  const [a, b, c] = [wanting("a", 3), wanting("b", 1), wanting("c", 2)];
  assert.deepEqual(holders([a, b, c]), ["b", "b", "b"]);
  assert.deepEqual(holders([c, a, b]), ["b", "b", "b"]);
});

Deno.test("rivalOf() decides between two of the same second, for both alike", () => {
  assert.deepEqual(holders([wanting("b", 1), wanting("a", 1)]), ["a", "a"]);
});

Deno.test("rivalOf() never takes a share from who has it", () => {
  const has = wanting("b", 2, { stores: true });
  // Made in the same second, or let in only now.
  assert.deepEqual(holders([has, wanting("a", 2)]), ["b", "b"]);
  const older = wanting("a", 1, { namespace: "team" });
  assert.deepEqual(holders([has, older], ["team"]), ["b", "b"]);
});

Deno.test("rivalOf() passes over who is not let in and never was", () => {
  const older = wanting("a", 1, { namespace: "team" });
  assert.deepEqual(holders([older, wanting("b", 2)]), ["a", "b"]);
  assert.deepEqual(holders([older, wanting("b", 2)], ["team"]), ["a", "a"]);
  const had = wanting("a", 1, { namespace: "team", stores: true });
  assert.deepEqual(holders([had, wanting("b", 2)]), ["a", "a"]);
});

Deno.test("rivalOf() sees none in a share of another name or server", () => {
  const other = shareResource({ serverRef: { name: "other" }, shareName: "data" }, {
    ...{ name: "other", uid: "other", creationTimestamp: at(0) },
  });
  const named = shareResource({}, { name: "named", uid: "named", creationTimestamp: at(0) });
  assert.deepEqual(holders([wanting("a", 1), other, named]), ["a", "other", "named"]);
});
