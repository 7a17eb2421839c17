import assert from "node:assert/strict";
import { Rows } from "./listing.ts";
import { findRow, markOf } from "./mark.ts";

const mark = markOf("DittoUser", "7d3f");
const row = (id: string, text = "") => ({ id, name: "alice", text });

/** What is there, the id that is noted, and whose it is then. */
const cases = [
  [[], undefined, "nobody"],
  [[], "1", "nobody"],
  [[row("1")], "1", "ours"],
  [[row("1", mark)], "1", "ours"],
  [[row("1", mark)], undefined, "unnoted"],
  // The database was lost, and what was made after that was not noted.
  [[row("2", mark)], "1", "unnoted"],
  [[row("1")], undefined, "foreign"],
  [[row("2")], "1", "foreign"],
  [[row("1", markOf("DittoUser", "another"))], undefined, "foreign"],
] as const;

for (const [rows, id, whose] of cases) {
  const there = rows.map(({ id, text }) => (text === mark ? `${id} with our mark` : id));
  Deno.test(`findRow() calls ${there.join() || "nothing"} ${whose} when ${id} is noted`, () => {
    const found = findRow(new Rows(rows), { name: "alice", id, mark });
    assert.equal(found.whose, whose);
  });
}

Deno.test("markOf() fits into a display name, of which a database may keep 255 characters", () => {
  assert.ok(markOf("DittoGroup", crypto.randomUUID()).length < 100);
});
