import assert from "node:assert/strict";
import { RESOURCES } from "./resources.ts";

for (const { definition: { kind }, conditions } of RESOURCES) {
  Deno.test(`conditions of ${kind} have reasons in one word, and sentences for people`, () => {
    for (const [type, reasons] of Object.entries(conditions)) {
      assert.match(type, /^[A-Z][A-Za-z]+$/);
      for (const [reason, { meaning, remedy = "None." }] of Object.entries(reasons)) {
        assert.match(reason, /^[A-Z][A-Za-z]+$/, type);
        assert.match(meaning, /^[A-Z].*\.$/, `${type} ${reason}`);
        assert.match(remedy, /^[A-Z].*\.$/, `${type} ${reason}`);
      }
    }
  });

  Deno.test(`conditions of ${kind} can all be in order`, () => {
    for (const [type, reasons] of Object.entries(conditions)) {
      const good = Object.values(reasons).filter(({ status }) => status === "True");
      assert.ok(good.length > 0, type);
    }
  });

  Deno.test(`conditions of ${kind} say the same in Ready as in the aspect of a reason`, () => {
    // Ready has the reason of the aspect that stands in its way, so none may mean two things.
    const { Ready = {}, Available: _, ...aspects } = conditions;
    for (const [type, reasons] of Object.entries(aspects)) {
      for (const [reason, { status }] of Object.entries(reasons)) {
        const own = Ready[reason];
        assert.ok(!own || own.status === status, `${type} ${reason}`);
      }
    }
  });
}
