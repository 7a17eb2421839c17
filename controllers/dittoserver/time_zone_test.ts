import assert from "node:assert/strict";
import { timeZone } from "./time_zone.ts";

const at = (text: string) => Date.parse(`${text}Z`);
const instant = (zone: string, wall: string) =>
  new Date(timeZone(zone)?.instantOf(at(wall)) ?? NaN).toISOString().slice(0, 16);

Deno.test("timeZone() shows midnight as hour 0 of the new day", () => {
  assert.equal(timeZone("UTC")?.wallOf(at("2026-11-23T00:00")), at("2026-11-23T00:00"));
  assert.equal(timeZone("Europe/Rome")?.wallOf(at("2026-11-22T23:00")), at("2026-11-23T00:00"));
});

const instants: [string, string, string, string][] = [
  ["in winter", "Europe/Rome", "2026-11-23T02:30", "2026-11-23T01:30"],
  ["in summer", "Europe/Rome", "2026-07-01T02:30", "2026-07-01T00:30"],
  ["that is skipped", "Europe/Rome", "2026-03-29T02:30", "2026-03-29T01:30"],
  ["just before what is skipped", "Europe/Rome", "2026-03-29T01:59", "2026-03-29T00:59"],
  ["just after what is skipped", "Europe/Rome", "2026-03-29T03:00", "2026-03-29T01:00"],
  ["that comes twice", "Europe/Rome", "2026-10-25T02:30", "2026-10-25T00:30"],
  ["just after what comes twice", "Europe/Rome", "2026-10-25T03:00", "2026-10-25T02:00"],
  ["west of UTC", "America/New_York", "2026-03-08T03:00", "2026-03-08T07:00"],
  ["as far east as it goes", "Pacific/Kiritimati", "2026-11-23T01:00", "2026-11-22T11:00"],
];
for (const [what, zone, wall, expected] of instants) {
  Deno.test(`timeZone().instantOf() finds a time ${what}`, () => {
    assert.equal(instant(zone, wall), expected);
  });
}

Deno.test("timeZone() is undefined where there is none of that name", () => {
  assert.equal(timeZone("Europe/Atlantis"), undefined);
});
