import assert from "node:assert/strict";
import { type Maintenance, windowAt } from "./maintenance.ts";

type Window = NonNullable<Maintenance["windows"]>[number];

const nightly: Window = { start: "02:30", duration: "2h", timeZone: "Europe/Rome" };
const weekend: Window = {
  days: ["Sun"],
  start: "23:00",
  duration: "2h",
  timeZone: "Europe/Rome",
};
const utc = (start: string, duration: string, days?: Window["days"]): Window => ({
  start,
  duration,
  timeZone: "UTC",
  ...(days && { days }),
});

/** In UTC: what is, and until when. 2026-11-22 is a Sunday. */
const cases: [string, Window[], string, "open" | "closed", string][] = [
  ["before a window", [nightly], "2026-11-23T01:29:59Z", "closed", "2026-11-23T01:30:00Z"],
  ["as it begins", [nightly], "2026-11-23T01:30:00Z", "open", "2026-11-23T03:30:00Z"],
  ["just before it ends", [nightly], "2026-11-23T03:29:59Z", "open", "2026-11-23T03:30:00Z"],
  ["as it ends", [nightly], "2026-11-23T03:30:00Z", "closed", "2026-11-24T01:30:00Z"],
  ["in summer", [nightly], "2026-07-01T00:00:00Z", "closed", "2026-07-01T00:30:00Z"],

  // The clocks go from 02:00 to 03:00: 02:30 is skipped, and begins at 03:30 of the new time.
  ["before clocks go forward", [nightly], "2026-03-29T01:00:00Z", "closed", "2026-03-29T01:30:00Z"],
  ["after clocks went forward", [nightly], "2026-03-29T02:00:00Z", "open", "2026-03-29T03:30:00Z"],
  ["the day after", [nightly], "2026-03-29T12:00:00Z", "closed", "2026-03-30T00:30:00Z"],
  // The clocks go from 03:00 to 02:00: 02:30 comes twice, and the first one counts.
  ["before clocks go back", [nightly], "2026-10-25T00:29:00Z", "closed", "2026-10-25T00:30:00Z"],
  ["while clocks go back", [nightly], "2026-10-25T01:30:00Z", "open", "2026-10-25T02:30:00Z"],
  ["after two hours", [nightly], "2026-10-25T02:30:00Z", "closed", "2026-10-26T01:30:00Z"],

  // It belongs to Sunday, also after midnight.
  ["on Sunday before midnight", [weekend], "2026-11-22T22:30:00Z", "open", "2026-11-23T00:00:00Z"],
  ["on Monday after midnight", [weekend], "2026-11-22T23:30:00Z", "open", "2026-11-23T00:00:00Z"],
  ["on Monday evening", [weekend], "2026-11-23T22:30:00Z", "closed", "2026-11-29T22:00:00Z"],
  ["on Saturday night", [weekend], "2026-11-28T23:30:00Z", "closed", "2026-11-29T22:00:00Z"],

  // In Auckland it is already Monday.
  [
    "by the day of the time zone",
    [{
      days: ["Mon"],
      start: "01:00",
      duration: "1h",
      timeZone: "Pacific/Auckland",
    }],
    "2026-11-22T12:30:00Z",
    "open",
    "2026-11-22T13:00:00Z",
  ],
  [
    "where the zone is not whole hours from UTC",
    [{
      start: "01:00",
      duration: "1h",
      timeZone: "Asia/Kathmandu",
    }],
    "2026-11-22T19:20:00Z",
    "open",
    "2026-11-22T20:15:00Z",
  ],

  [
    "in windows that overlap",
    [utc("01:00", "2h"), utc("02:00", "3h")],
    "2026-11-22T01:30:00Z",
    "open",
    "2026-11-22T05:00:00Z",
  ],
  [
    "in a window within another",
    [utc("01:00", "4h"), utc("02:00", "1h")],
    "2026-11-22T01:30:00Z",
    "open",
    "2026-11-22T05:00:00Z",
  ],
  [
    "in windows that touch",
    [utc("01:00", "1h"), utc("02:00", "1h")],
    "2026-11-22T01:30:00Z",
    "open",
    "2026-11-22T03:00:00Z",
  ],
  [
    "between two windows",
    [utc("05:00", "1h"), utc("01:00", "1h")],
    "2026-11-22T03:00:00Z",
    "closed",
    "2026-11-22T05:00:00Z",
  ],
  [
    "with a compound duration",
    [utc("01:00", "1h30.5m30s")],
    "2026-11-22T01:00:00Z",
    "open",
    "2026-11-22T02:31:00Z",
  ],
  [
    "just after the only day of the week",
    [utc("00:00", "10m", ["Mon"])],
    "2026-11-23T00:10:00Z",
    "closed",
    "2026-11-30T00:00:00Z",
  ],
  // A day of 24 hours that began on Saturday ends at 01:00 of Monday, after the change on Sunday.
  [
    "in a window of the day before yesterday",
    [{
      days: ["Sat"],
      start: "23:59",
      duration: "24h",
      timeZone: "Europe/Rome",
    }],
    "2026-03-29T22:30:00Z",
    "open",
    "2026-03-29T22:59:00Z",
  ],
];
for (const [when, windows, now, state, until] of cases) {
  Deno.test(`windowAt() is ${state} ${when}`, () => {
    const expected = state === "open"
      ? { open: true, closes: new Date(until), faults: [] }
      : { open: false, opens: new Date(until), faults: [] };
    assert.deepEqual(windowAt({ windows }, new Date(now)), expected);
  });
}

Deno.test("windowAt() is always open without windows, and with one that never closes", () => {
  const now = new Date("2026-11-23T20:00:00Z");
  for (const maintenance of [undefined, {}, { windows: [] }, { windows: [utc("00:00", "24h")] }]) {
    assert.deepEqual(windowAt(maintenance, now), { open: true, faults: [] });
  }
});

Deno.test("windowAt() names the field of a time zone that does not exist, and goes by the others", () => {
  const lost = { ...nightly, timeZone: "Europe/Atlantis" };
  const now = new Date("2026-11-23T20:00:00Z");
  const alone = windowAt({ windows: [lost] }, now);
  assert.equal(alone.open, false);
  assert.equal(alone.opens, undefined);
  const { open, opens, faults } = windowAt({ windows: [nightly, lost] }, now);
  assert.equal(open, false);
  assert.deepEqual(opens, new Date("2026-11-24T01:30:00Z"));
  assert.equal(faults.length, 1);
  assert.match(faults[0] ?? "", /^spec\.maintenance\.windows\[1\]\.timeZone: "Europe\/Atlantis"/);
});
