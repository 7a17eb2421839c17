import assert from "node:assert/strict";
import { ServerUnreachableError } from "../../dittofs/errors.ts";
import { inOrder, look } from "./_look.ts";
import { mayChange } from "./pass.ts";

/** What may be done about a difference, what is counted, and what is told. */
function changing(found: Parameters<typeof look>[0], making = false) {
  const { reached, drifts, problems } = look(found);
  const may = mayChange({ ...reached, making }, "GrantsReady", ['user "bob"']);
  return { may, drifts: drifts.length, problems: problems() };
}

Deno.test("mayChange() changes what differs, and counts it where no edit explains it", () => {
  assert.deepEqual(changing({ status: inOrder() }), { may: true, drifts: 1, problems: [] });
});

Deno.test("mayChange() counts no change that follows from an edit of the spec", () => {
  const status = inOrder({ observedGeneration: 0 });
  assert.deepEqual(changing({ status }), { may: true, drifts: 0, problems: [] });
});

Deno.test("mayChange() with management Report says what differs, and leaves it", () => {
  assert.deepEqual(changing({ spec: { management: "Report" }, status: inOrder() }), {
    ...{ may: false, drifts: 1 },
    problems: ['GrantsReady=Differs: on the server these are not as in the spec: user "bob"'],
  });
});

Deno.test("mayChange() with management Report finishes what is being made", () => {
  assert.deepEqual(changing({ spec: { management: "Report" } }, true), {
    ...{ may: true, drifts: 0, problems: [] },
  });
});

Deno.test("mayChange() has nothing to change where nothing differs", () => {
  const { reached, drifts } = look({ status: inOrder() });
  assert.equal(mayChange(reached, "Serving", []), false);
  assert.equal(drifts.length, 0);
});

Deno.test("Pass.attempt() goes on after a failure, which is told and tried again", async () => {
  const { pass, problems } = look();
  const error = new ServerUnreachableError("refused", "nobody is there");
  assert.equal(await pass.attempt("Serving", "its row", () => Promise.reject(error)), undefined);
  assert.deepEqual(problems(), ["Serving=Failed: its row: nobody is there"]);
  assert.equal(pass.problems[0]?.error, error);
});

/** Since how many seconds an aspect is not in order, and after how many it is looked at again. */
const waits: [number | undefined, number | undefined][] = [
  ...[[undefined, 1] as [undefined, number], [0, 1] as [number, number]],
  ...[[20, 10] as [number, number], [3_600, 60] as [number, number]],
];
for (const [since, after] of waits) {
  Deno.test(`Pass.lookAgain() looks after ${after} s at what is not in order since ${since} s`, () => {
    const { pass, clock } = look(
      since === undefined ? {} : {
        status: {
          conditions: [{
            ...{ type: "Serving", status: "False", reason: "Loading", message: "" },
            lastTransitionTime: new Date(look().clock.now() - since * 1_000).toISOString(),
          }],
        },
      },
    );
    assert.equal(typeof clock.now(), "number");
    pass.lookAgain("Serving", "it may load");
    assert.deepEqual(pass.waits.map(({ afterMs }) => afterMs / 1_000), [after]);
  });
}
