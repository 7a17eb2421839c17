// What kubectl explain shows comes from the API server's OpenAPI document, not from our files.

import assert from "node:assert/strict";
import { operatorGround } from "./_operator.ts";
import { until } from "../harness/poll.ts";
import { refusal, type TestPlane } from "./_plane.ts";

const DOCUMENT = "/openapi/v3/apis/dittofs.dittofs.com/v1alpha1";

let ground: TestPlane;

Deno.test.beforeAll(async () => {
  ground = await operatorGround({ controllerManager: false });
  // The document follows the resource a moment later, and the list of documents follows that.
  await until("kubectl explain knows DittoServer", async () => {
    return (await refusal(ground.kubectl(["explain", "dittoserver"]))) === undefined;
  }, { within: 30_000, every: 200 });
});
Deno.test.afterAll(async () => await ground[Symbol.asyncDispose]());

/** A schema in the document. */
interface Schema {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
}

/** DittoServer as the API server publishes it. */
async function published(): Promise<Schema> {
  const { components } = await ground.plane.client().json(DOCUMENT) as {
    components: { schemas: Readonly<Record<string, Schema>> };
  };
  const schema = components.schemas["com.dittofs.dittofs.v1alpha1.DittoServer"];
  assert.ok(schema);
  return schema;
}

/** Fields that every kind has: the API server puts its own words in place of ours. */
const THEIRS = new Set(["apiVersion", "kind", "metadata"]);

/** Every field that kubectl explain can be asked for, by its path. */
function* fieldsOf(schema: Schema, path: string): Generator<[string, Schema]> {
  for (const [name, field] of Object.entries(schema.properties ?? {})) {
    if (path === "" && THEIRS.has(name)) continue;
    yield [`${path}.${name}`, field];
    yield* fieldsOf(field, `${path}.${name}`);
    yield* fieldsOf(field.items ?? {}, `${path}.${name}`);
  }
}

Deno.test("kubectl explain has a sentence for every field of DittoServer", async () => {
  const fields = [...fieldsOf(await published(), "")];
  assert.ok(fields.length > 500, `only ${fields.length} fields`);
  const mute = fields.filter(([, { description = "" }]) => !/\S.*[.!]$/s.test(description));
  assert.deepEqual(mute.map(([path]) => path), []);
});

Deno.test("kubectl explain --recursive lists every field of DittoServer", async () => {
  const shown = await ground.kubectl(["explain", "--recursive", "dittoserver"]);
  const names = shown.match(/^ +\S+(?=\t<)/gm)?.map((line) => line.trim()) ?? [];
  const fields = [...fieldsOf(await published(), "")].map(([path]) => path.split(".").at(-1));
  assert.deepEqual(fields.filter((name) => !names.includes(name ?? "")), []);
  assert.ok(names.length > fields.length, `${names.length} shown of ${fields.length}`);
});

Deno.test("kubectl explain says what a field is for, with an example, under both short names", async () => {
  for (const resource of ["dittoserver", "ditto", "dittofs"]) {
    const shown = await ground.kubectl(["explain", `${resource}.spec.storage.metadataSize`]);
    const text = shown.replaceAll(/\s+/g, " ");
    assert.match(text, /FIELD: metadataSize <string>/);
    assert.match(text, /Size of the volume for file metadata\..* Example: 10Gi\./);
  }
});
