// What covers() believes of lists, held against the API server's own schema.

import assert from "node:assert/strict";
import { MERGED_LISTS } from "../kube/covers.ts";
import { events } from "../kube/events.ts";
import { operatorPermissions } from "./operator.ts";

/** Custom resources of others: they are not in the snapshot, and their lists are atomic. */
const CUSTOM = "monitoring.coreos.com";

/** The schemas of the kinds that are written through covers(): all that may be created but events. */
const WRITTEN = operatorPermissions()
  .filter(({ resource, verbs }) => verbs.includes("create") && resource !== events)
  .filter(({ resource }) => resource.group !== CUSTOM)
  .map(({ resource: { group, version, kind } }) =>
    `io.k8s.api.${(group || "core").replace(/\..*/, "")}.${version}.${kind}`
  );

interface Schema {
  readonly $ref?: string;
  readonly allOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly "x-kubernetes-list-type"?: string;
  readonly "x-kubernetes-list-map-keys"?: readonly string[];
}

const snapshot = new URL("../api/kubernetes/openapi.json", import.meta.url);
const schemas: Readonly<Record<string, Schema>> = JSON.parse(await Deno.readTextFile(snapshot));

const nameOf = ({ $ref, allOf }: Schema) =>
  ($ref ?? allOf?.[0]?.$ref)?.replace("#/components/schemas/", "");

/** Every list that a writer can share with others, and those that it cannot. */
function listsOf(names: readonly string[]) {
  const lists: { path: string; field: string; schema: Schema }[] = [];
  const seen = new Set<string>();
  const visit = (name: string | undefined) => {
    if (name === undefined || seen.has(name)) return;
    seen.add(name);
    for (const [field, schema] of Object.entries(schemas[name]?.properties ?? {})) {
      // What the server alone writes is not ours to apply.
      if (field === "status" || field === "managedFields") continue;
      if (schema.items) lists.push({ path: `${name}.${field}`, field, schema });
      const merged = schema["x-kubernetes-list-type"] === "map";
      if (schema.items ? merged : true) visit(nameOf(schema.items ?? schema));
    }
  };
  names.forEach(visit);
  return lists;
}

const lists = listsOf(WRITTEN);

Deno.test("covers() merges the lists of the kinds that we write as the API server does", () => {
  assert.deepEqual(WRITTEN.filter((name) => !(name in schemas)), []);
  assert.ok(lists.length > 50, `${lists.length} lists`);
  for (const { path, field, schema } of lists) {
    const type = schema["x-kubernetes-list-type"] ?? "atomic";
    const keys = MERGED_LISTS[field];
    assert.equal(keys !== undefined, type !== "atomic", `${path} is ${type}`);
    const fields = Object.keys(schemas[nameOf(schema.items ?? {}) ?? ""]?.properties ?? {});
    assert.deepEqual(
      keys?.filter((key) => fields.includes(key)) ?? [],
      [...schema["x-kubernetes-list-map-keys"] ?? []].sort(),
      path,
    );
  }
});

Deno.test("covers() knows no list by a name that the API server has not", () => {
  const fields = new Set(lists.map(({ field }) => field));
  assert.deepEqual(Object.keys(MERGED_LISTS).filter((field) => !fields.has(field)), []);
});
