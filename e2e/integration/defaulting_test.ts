// Defaults are filled in by the API server and by defaulted() and its like, and both have to say
// the same.

import assert from "node:assert/strict";
import type { ResourceDefinition } from "../../api/crd.ts";
import { defaultedGroup } from "../../api/dittogroup.ts";
import { dittoGroupDefinition } from "../../api/dittogroup/definition.ts";
import { defaulted } from "../../api/dittoserver.ts";
import { dittoServerDefinition } from "../../api/dittoserver/definition.ts";
import { defaultedShare } from "../../api/dittoshare.ts";
import { dittoShareDefinition } from "../../api/dittoshare/definition.ts";
import { defaultedUser } from "../../api/dittouser.ts";
import { dittoUserDefinition } from "../../api/dittouser/definition.ts";
import { type JsonSchema, jsonSchemaOf, propertiesOf } from "../../api/json_schema.ts";
import { EMBED } from "../../api/schema.ts";
import { operatorGround } from "./_operator.ts";
import type { TestPlane } from "./_plane.ts";
import { tryToCreate } from "./_verdict.ts";
import { MINIMAL } from "./specs/_full.ts";
import { type Json, type JsonObject, merged, withValue } from "./specs/_json.ts";

let ground: TestPlane;

Deno.test.beforeAll(async () => {
  ground = await operatorGround({ controllerManager: false });
});
Deno.test.afterAll(async () => await ground[Symbol.asyncDispose]());

/** A resource, and what fills in its defaults. */
interface Defaulting {
  readonly of: ResourceDefinition;
  readonly fill: (spec: unknown) => { readonly data?: unknown };
  readonly minimal: JsonObject;
  /** What a block needs elsewhere. */
  readonly needs: Readonly<Record<string, JsonObject>>;
}

const ON_SERVER: JsonObject = { serverRef: { name: "files" } };

const ALL: readonly Defaulting[] = [
  {
    of: dittoServerDefinition,
    fill: defaulted,
    minimal: MINIMAL,
    needs: {
      "database.postgres": { database: { type: "postgres" }, percona: { enabled: true } },
      "logging.rotation": { logging: { output: "/tmp/dittofs.log" } },
    },
  },
  {
    of: dittoShareDefinition,
    fill: defaultedShare,
    minimal: ON_SERVER,
    needs: {
      "grants[0]": { grants: [{ user: "alice", permission: "read" }] },
      "quotas[0]": { quotas: [{ user: "alice", size: "1Gi" }] },
    },
  },
  { of: dittoUserDefinition, fill: defaultedUser, minimal: ON_SERVER, needs: {} },
  { of: dittoGroupDefinition, fill: defaultedGroup, minimal: ON_SERVER, needs: {} },
];

for (const { of, fill, minimal, needs } of ALL) {
  const { name } = fill;
  const spec = new Map(propertiesOf(jsonSchemaOf(of.schema))).get("spec") ?? {};

  const assertSameDefaults = async (spec: JsonObject) => {
    const verdict = await tryToCreate(ground, "demo", spec, { of });
    assert.ok(verdict.accepted, JSON.stringify(verdict));
    assert.deepEqual(verdict.stored.spec, fill(spec).data);
  };

  Deno.test(`${name}() fills in what the API server does for the smallest spec`, async () => {
    await assertSameDefaults(minimal);
  });

  for (const [path, block] of blocksOf(spec, "")) {
    if (minimal[path] !== undefined) continue;
    Deno.test(`${name}() fills in what the API server does for an empty ${path}`, async () => {
      // A block may stand in another that cannot be without more.
      let around = minimal;
      for (const [outer, schema] of blocksOf(spec, "")) {
        if (path.startsWith(`${outer}.`)) around = merged(withBlock({}, outer, schema), around);
      }
      await assertSameDefaults(merged(withBlock(around, path, block), needs[path] ?? {}));
    });
  }
}

/** With the block in the spec, and in it nothing but what it must have. */
function withBlock(around: JsonObject, path: string, block: JsonSchema): JsonObject {
  const fields = requiredOf(block);
  return path.endsWith("[0]")
    ? withValue(around, path.slice(0, -"[0]".length), [fields])
    : withValue(around, path, merged(fields, {}));
}

function requiredOf(block: JsonSchema): JsonObject {
  const required = new Set(block.required as readonly string[] | undefined);
  return Object.fromEntries(
    propertiesOf(block).filter(([name]) => required.has(name)).map(([name, field]) => {
      if (field.properties) return [name, requiredOf(field)];
      const [example] = field.examples as readonly Json[];
      assert.ok(example !== undefined, `${name} has no example`);
      return [name, example];
    }),
  );
}

/** The blocks of a schema by their path; those in lists with `[0]`. */
function* blocksOf(schema: JsonSchema, prefix: string): Generator<[string, JsonSchema]> {
  for (const [name, field] of propertiesOf(schema)) {
    const items = field.items as JsonSchema | undefined;
    const [block, path] = items ? [items, `${prefix}${name}[0]`] : [field, `${prefix}${name}`];
    if (block[EMBED] !== undefined || !block.properties) continue;
    yield [path, block];
    yield* blocksOf(block, `${path}.`);
  }
}
