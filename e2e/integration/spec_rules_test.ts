// The table of specs against the real API server: each is accepted, or refused with exactly one
// cause, whose field and whole message are as a user should read them.

import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import { operatorGround } from "./_operator.ts";
import type { TestPlane } from "./_plane.ts";
import { isOf, schemaLimits } from "./_schema_limits.ts";
import { create, forAll, type Stored, tryToCreate, tryToReplace } from "./_verdict.ts";
import type { Cause } from "./specs/_table.ts";
import { TABLE } from "./specs/table.ts";
import { TRANSITIONS } from "./specs/transitions.ts";

let ground: TestPlane;

Deno.test.beforeAll(async () => {
  ground = await operatorGround({ controllerManager: false });
});
Deno.test.afterAll(async () => await ground[Symbol.asyncDispose]());

/** What is expected, in the form in which the answer is compared. */
const expected = (cause: Cause | undefined) => (cause ? [cause] : "accepted");

for (const [block, rows] of Object.entries(TABLE)) {
  const refused = rows.filter(({ cause }) => cause).length;
  const counts = `${rows.length - refused} specs accepted, ${refused} refused`;
  Deno.test(`CRD DittoServer: ${block}, ${counts} in these words`, async () => {
    const wrong: unknown[] = [];
    await forAll(rows, async ({ name = "demo", spec, says, cause }) => {
      const verdict = await tryToCreate(ground, name, spec);
      const answer = verdict.accepted ? "accepted" : verdict.causes;
      if (!isDeepStrictEqual(answer, expected(cause))) {
        wrong.push({ says, expected: expected(cause), actual: answer });
      }
    });
    assert.deepEqual(wrong, []);
  });
}

const refusedChanges = TRANSITIONS.filter(({ cause }) => cause).length;
const acceptedChanges = TRANSITIONS.length - refusedChanges;

Deno.test(
  `CRD DittoServer: updates, ${acceptedChanges} accepted, ${refusedChanges} refused in these words`,
  async () => {
    // Changes that begin with the same spec are tried on the same server: nothing is kept of them.
    const begun = new Map<string, Promise<Stored>>();
    const wrong: unknown[] = [];
    await forAll(TRANSITIONS, async (change, index) => {
      const { before, after, cause } = change;
      const key = JSON.stringify(before);
      const server = begun.get(key) ?? create(ground, `change-${index}`, before);
      begun.set(key, server);
      const verdict = await tryToReplace(ground, await server, after);
      const answer = verdict.accepted ? "accepted" : verdict.causes;
      if (!isDeepStrictEqual(answer, expected(cause))) wrong.push({ ...change, actual: answer });
    });
    assert.deepEqual(wrong, []);
  },
);

Deno.test("CRD DittoServer: the table has a row for everything that the schema refuses", () => {
  const rows = [...Object.values(TABLE).flat(), ...TRANSITIONS];
  const causes = rows.flatMap(({ cause }) => cause ?? []);
  const limits = schemaLimits();
  assert.ok(limits.length > 400, `only ${limits.length} limits were found`);
  const missing = limits.filter((limit) => !causes.some((cause) => isOf(limit, cause)))
    // There are seven different days, and the same day twice is refused as such.
    .filter(({ field, says }) =>
      field !== "spec.maintenance.windows[].days" || says !== "Too many"
    );
  assert.deepEqual(missing, []);
});

Deno.test("CRD DittoServer: every row of the table is another spec", () => {
  const specs = Object.values(TABLE).flat().map(({ name, spec }) => JSON.stringify([name, spec]));
  assert.ok(new Set(specs).size >= 150, `${new Set(specs).size} different specs`);
});
