// What kubectl explain shows comes from the API server's OpenAPI document, not from our files.

import assert from "node:assert/strict";
import { RESOURCES } from "../../api/resources.ts";
import { operatorGround } from "./_operator.ts";
import { until } from "../harness/poll.ts";
import { refusal, type TestPlane } from "./_plane.ts";

const DOCUMENT = "/openapi/v3/apis/dittofs.dittofs.com/v1alpha1";

let ground: TestPlane;

Deno.test.beforeAll(async () => {
  ground = await operatorGround({ controllerManager: false });
  // The document follows the resources a moment later, and the list of documents follows that.
  for (const { definition } of RESOURCES) {
    await until(`kubectl explain knows ${definition.kind}`, async () => {
      return (await refusal(ground.kubectl(["explain", definition.singular]))) === undefined;
    }, { within: 30_000, every: 200 });
  }
});
Deno.test.afterAll(async () => await ground[Symbol.asyncDispose]());

/** A schema in the document. */
interface Schema {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
}

/** A resource as the API server publishes it. */
async function published(kind: string): Promise<Schema> {
  const { components } = await ground.plane.client().json(DOCUMENT) as {
    components: { schemas: Readonly<Record<string, Schema>> };
  };
  const schema = components.schemas[`com.dittofs.dittofs.v1alpha1.${kind}`];
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

/** Fields that there are at least, by kind. */
const FIELDS: Readonly<Record<string, number>> = {
  DittoServer: 500,
  DittoShare: 100,
  DittoUser: 25,
  DittoGroup: 20,
};

for (const { definition: { kind, singular } } of RESOURCES) {
  Deno.test(`kubectl explain has a sentence for every field of ${kind}`, async () => {
    const fields = [...fieldsOf(await published(kind), "")];
    assert.ok(fields.length > (FIELDS[kind] ?? Infinity), `only ${fields.length} fields`);
    const mute = fields.filter(([, { description = "" }]) => !/\S.*[.!]$/s.test(description));
    assert.deepEqual(mute.map(([path]) => path), []);
  });

  Deno.test(`kubectl explain --recursive lists every field of ${kind}`, async () => {
    const shown = await ground.kubectl(["explain", "--recursive", singular]);
    const names = shown.match(/^ +\S+(?=\t<)/gm)?.map((line) => line.trim()) ?? [];
    const fields = [...fieldsOf(await published(kind), "")].map(([path]) => path.split(".").at(-1));
    assert.deepEqual(fields.filter((name) => !names.includes(name ?? "")), []);
    assert.ok(names.length > fields.length, `${names.length} shown of ${fields.length}`);
  });
}

const SHOWN = [
  [["dittoserver", "ditto", "dittofs"], "storage.metadataSize", /Size of the volume for .*10Gi\./],
  [["dittoshare", "dshare"], "shareName", /Name under which clients find it.* Example: projects\./],
  [["dittouser", "duser"], "uid", /Number by which NFS clients know .* Example: 1001\./],
  [["dittogroup", "dgroup"], "gid", /Number by which NFS clients know .* Example: 5000\./],
] as const;

for (const [[kind, ...shortNames], field, words] of SHOWN) {
  Deno.test(`kubectl explain says what ${field} of a ${kind} is for, with an example, under ${shortNames.join(" and ")} too`, async () => {
    for (const resource of [kind, ...shortNames]) {
      const shown = await ground.kubectl(["explain", `${resource}.spec.${field}`]);
      const text = shown.replaceAll(/\s+/g, " ");
      assert.match(text, new RegExp(`FIELD: ${field.split(".").at(-1)} <`));
      assert.match(text, words);
    }
  });
}
