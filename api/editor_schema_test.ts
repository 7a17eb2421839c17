import assert from "node:assert/strict";
import * as z from "zod";
import { parse, parseAllDocuments } from "yaml";
import snapshot from "./kubernetes/openapi.json" with { type: "json" };
import { dittoServerDefinition } from "./dittoserver/definition.ts";
import { editorSchema } from "./editor_schema.ts";
import type { JsonSchema } from "./json_schema.ts";
import { RESOURCES } from "./resources.ts";

const schema = editorSchema(dittoServerDefinition, snapshot);

/** Reads a document as an editor with a schema would; the faults it would mark. */
function faults(document: unknown, by: JsonSchema = schema): string[] {
  const { error } = z.fromJSONSchema(by as z.core.JSONSchema.JSONSchema).safeParse(document);
  return (error?.issues ?? []).map(({ path, message }) => `${path.join(".")}: ${message}`);
}

const sample = parse(Deno.readTextFileSync(new URL("../samples/demo.yaml", import.meta.url)));

const withSpec = (spec: object) => ({ ...sample, spec: { ...sample.spec, ...spec } });

const folder = new URL("../samples/", import.meta.url);
const documents = [...Deno.readDirSync(folder)].flatMap(({ name }) =>
  parseAllDocuments(Deno.readTextFileSync(new URL(name, folder)))
    .map((document) => document.toJS() as { readonly kind: string })
);

for (const { definition } of RESOURCES) {
  const { kind } = definition;
  Deno.test(`editorSchema() of ${kind} finds nothing wrong in the samples`, () => {
    const own = documents.filter((document) => document.kind === kind);
    assert.ok(own.length > 0, "no sample has one");
    const by = editorSchema(definition, snapshot);
    for (const document of own) assert.deepEqual(faults(document, by), []);
  });
}

Deno.test("editorSchema() takes what Kubernetes defines", () => {
  const resources = { limits: { cpu: 2, memory: "1Gi" } };
  const pod = { tolerations: [{ operator: "Exists" }], affinity: {} };
  assert.deepEqual(faults(withSpec({ resources, pod })), []);
});

Deno.test("editorSchema() marks an unknown field, a wrong form, a wrong value, and what is missing", () => {
  const wrong: Record<string, unknown> = {
    "an unknown block": withSpec({ nfsPort: 2049 }),
    "an unknown field": withSpec({ controlPlane: { ports: 1 } }),
    "a size without unit": withSpec({ storage: { metadataSize: "10" } }),
    "a duration in days": withSpec({ shutdownTimeout: "1d" }),
    "an unknown value": withSpec({ database: { type: "mysql" } }),
    "a number that is too large": withSpec({ replicas: 2 }),
    "another kind": { ...sample, kind: "DittoShare" },
    "another version": { ...sample, apiVersion: "v1" },
    "no storage": { ...sample, spec: {} },
    "no spec": { ...sample, spec: undefined },
  };
  for (const [what, document] of Object.entries(wrong)) {
    assert.notDeepEqual(faults(document), [], what);
  }
});

/** Every object in the schema, with its path. */
function* schemasIn(value: unknown, path: string): Generator<[string, JsonSchema]> {
  if (typeof value !== "object" || value === null) return;
  if (!Array.isArray(value)) yield [path, value as JsonSchema];
  for (const [key, part] of Object.entries(value)) yield* schemasIn(part, `${path}/${key}`);
}

Deno.test("editorSchema() has nothing that only Kubernetes understands", () => {
  for (const [path, part] of schemasIn(schema, "")) {
    const extensions = Object.keys(part).filter((key) => key.startsWith("x-"));
    assert.deepEqual(extensions, [], path);
  }
});

Deno.test("editorSchema() keeps patterns, examples, defaults and deprecation as they are", () => {
  const parts = new Map(schemasIn(schema, ""));
  const spec = "/properties/spec/properties";
  const size = parts.get(`${spec}/storage/properties/controlPlaneSize`);
  assert.equal(size?.pattern, "^[1-9][0-9]*(Mi|Gi|Ti)$");
  assert.deepEqual(size?.examples, ["1Gi"]);
  assert.equal(size?.default, "1Gi");
  assert.equal(parts.get(`${spec}/identity/properties/type`)?.deprecated, true);
});

Deno.test("editorSchema() does not offer the status, which only the operator writes", () => {
  assert.deepEqual(Object.keys(schema.properties ?? {}), [
    "apiVersion",
    "kind",
    "metadata",
    "spec",
  ]);
});
