// The tables of specs against the real API server: each is accepted, or refused with exactly one
// cause, whose field and whole message are as a user should read them.

import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import type { ResourceDefinition } from "../../api/crd.ts";
import { dittoGroupDefinition } from "../../api/dittogroup/definition.ts";
import { dittoServerDefinition } from "../../api/dittoserver/definition.ts";
import { dittoShareDefinition } from "../../api/dittoshare/definition.ts";
import { dittoUserDefinition } from "../../api/dittouser/definition.ts";
import { operatorGround } from "./_operator.ts";
import type { TestPlane } from "./_plane.ts";
import { isOf, schemaLimits } from "./_schema_limits.ts";
import { create, forAll, type Stored, tryToCreate, tryToReplace } from "./_verdict.ts";
import { GROUP_CHANGES, GROUPS } from "./specs/accounts/groups.ts";
import { USER_CHANGES, USERS } from "./specs/accounts/users.ts";
import { SHARE_CHANGES, SHARES } from "./specs/shares/table.ts";
import type { Cause, Row } from "./specs/_table.ts";
import { TABLE } from "./specs/table.ts";
import { type Change, TRANSITIONS } from "./specs/transitions.ts";

let ground: TestPlane;

Deno.test.beforeAll(async () => {
  ground = await operatorGround({ controllerManager: false });
});
Deno.test.afterAll(async () => await ground[Symbol.asyncDispose]());

/** A resource with its table. */
interface Specs {
  readonly of: ResourceDefinition;
  readonly table: Readonly<Record<string, readonly Row[]>>;
  readonly changes: readonly Change[];
  /** Limits and different specs that there are at least. */
  readonly limits: number;
  readonly specs: number;
}

const ALL: readonly Specs[] = [
  { of: dittoServerDefinition, table: TABLE, changes: TRANSITIONS, limits: 400, specs: 150 },
  { of: dittoShareDefinition, table: SHARES, changes: SHARE_CHANGES, limits: 130, specs: 150 },
  { of: dittoUserDefinition, table: USERS, changes: USER_CHANGES, limits: 30, specs: 60 },
  { of: dittoGroupDefinition, table: GROUPS, changes: GROUP_CHANGES, limits: 15, specs: 40 },
];

/** What is expected, in the form in which the answer is compared. */
const expected = (cause: Cause | undefined) => (cause ? [cause] : "accepted");

for (const { of, table, changes, ...least } of ALL) {
  const { kind } = of;

  for (const [block, rows] of Object.entries(table)) {
    const refused = rows.filter(({ cause }) => cause).length;
    const counts = `${rows.length - refused} specs accepted, ${refused} refused`;
    Deno.test(`CRD ${kind}: ${block}, ${counts} in these words`, async () => {
      const wrong: unknown[] = [];
      await forAll(rows, async ({ name = "demo", spec, says, cause }) => {
        const verdict = await tryToCreate(ground, name, spec, { of });
        const answer = verdict.accepted ? "accepted" : verdict.causes;
        if (!isDeepStrictEqual(answer, expected(cause))) {
          wrong.push({ says, expected: expected(cause), actual: answer });
        }
      });
      assert.deepEqual(wrong, []);
    });
  }

  const refusedChanges = changes.filter(({ cause }) => cause).length;
  const acceptedChanges = changes.length - refusedChanges;

  Deno.test(
    `CRD ${kind}: updates, ${acceptedChanges} accepted, ${refusedChanges} refused in these words`,
    async () => {
      // Changes that begin with the same spec are tried on the same object: nothing is kept of them.
      const begun = new Map<string, Promise<Stored>>();
      const wrong: unknown[] = [];
      await forAll(changes, async (change, index) => {
        const { before, after, cause } = change;
        const key = JSON.stringify(before);
        const object = begun.get(key) ?? create(ground, `change-${index}`, before, { of });
        begun.set(key, object);
        const verdict = await tryToReplace(ground, await object, after, { of });
        const answer = verdict.accepted ? "accepted" : verdict.causes;
        if (!isDeepStrictEqual(answer, expected(cause))) wrong.push({ ...change, actual: answer });
      });
      assert.deepEqual(wrong, []);
    },
  );

  Deno.test(`CRD ${kind}: the table has a row for everything that the schema refuses`, () => {
    const rows = [...Object.values(table).flat(), ...changes];
    const causes = rows.flatMap(({ cause }) => cause ?? []);
    const limits = schemaLimits(of);
    assert.ok(limits.length > least.limits, `only ${limits.length} limits were found`);
    const missing = limits.filter((limit) => !causes.some((cause) => isOf(limit, cause)));
    assert.deepEqual(missing, []);
  });

  Deno.test(`CRD ${kind}: every row of the table is another spec`, () => {
    const specs = Object.values(table).flat().map(({ name, spec }) => JSON.stringify([name, spec]));
    assert.ok(new Set(specs).size >= least.specs, `${new Set(specs).size} different specs`);
  });
}

const NAMED = [
  [dittoShareDefinition, "shareName"],
  [dittoUserDefinition, "username"],
  [dittoGroupDefinition, "groupName"],
] as const;

for (const [of, field] of NAMED) {
  Deno.test(`CRD ${of.kind}: ${field} may be written out later, and left out again`, async () => {
    const spec = { serverRef: { name: "files" } };
    const written = { ...spec, [field]: "written-out" };
    for (const [before, after] of [[spec, written], [written, spec]]) {
      const object = await create(ground, "written-out", before, { of });
      assert.deepEqual((await tryToReplace(ground, object, after, { of })).accepted, true);
      await ground.kubectl(["delete", of.singular, "written-out", "--namespace=default"]);
    }
  });
}
