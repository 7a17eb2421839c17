import assert from "node:assert/strict";
import { Rows } from "../accounts/listing.ts";
import { groupChange, membershipOf } from "./user.ts";

const groups = new Rows(["a", "b", "c"].map((name) => ({ id: name, name, text: "" })));

/** The groups of the spec, those of the row, and those that are written. */
const cases = [
  [[], [], undefined],
  [["b", "a"], ["a", "b"], undefined],
  [["a", "b"], ["b", "a"], undefined],
  [["a", "a"], ["a"], undefined],
  [["a", "none"], ["a"], undefined],
  [["a"], [], ["a"]],
  [[], ["a"], []],
  [["a", "b"], ["a", "c"], ["a", "b"]],
  [["none"], ["a"], []],
] as const;

for (const [wanted, now, written] of cases) {
  Deno.test(`groupChange() writes ${JSON.stringify(written)} for ${wanted} where there is ${now}`, () => {
    const membership = membershipOf({ groups: [...wanted] }, groups);
    assert.deepEqual(groupChange({ groups: [...now] }, membership).groups, written);
  });
}
