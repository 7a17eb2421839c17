// Maintenance windows: when a change may replace the pod.
//
// A window begins at a time of day of its time zone and is open for its duration, in real time:
// two hours are two hours also in the night in which the clocks change. A window that begins at
// a time which that night skips begins as late as if it had not been skipped.

import * as z from "zod";
import { maintenance } from "../../api/dittoserver/lifecycle.ts";
import { secondsOf } from "../duration.ts";
import { DAY, type TimeZone, timeZone } from "./time_zone.ts";

/** `spec.maintenance`. */
export type Maintenance = z.output<typeof maintenance>;
type Window = NonNullable<Maintenance["windows"]>[number];

/** Whether the pod may be replaced now. */
export interface WindowState {
  readonly open: boolean;
  /** While closed: when the next window opens. Absent if none ever does. */
  readonly opens?: Date;
  /** While open: when the last of the overlapping windows closes. Absent if it is always open. */
  readonly closes?: Date;
  /** Windows that cannot be understood, with their field. They never open. */
  readonly faults: readonly string[];
}

/** The state at `now`. Without windows it is always open. */
export function windowAt(maintenance: Maintenance | undefined, now: Date): WindowState {
  const windows = maintenance?.windows ?? [];
  if (windows.length === 0) return { open: true, faults: [] };
  const faults: string[] = [];
  const spans = windows.flatMap((window, index) => {
    const zone = timeZone(window.timeZone);
    if (zone) return spansAround(now.getTime(), window, zone);
    faults.push(
      `spec.maintenance.windows[${index}].timeZone: "${window.timeZone}" is no time zone that is known here; write it as in the IANA database, such as Europe/Rome`,
    );
    return [];
  });
  return { ...stateOf(merged(spans), now.getTime()), faults };
}

/** From one instant until another, in milliseconds since 1970. */
interface Span {
  readonly from: number;
  readonly until: number;
}

/** Windows repeat with the week: whoever sees one week from now sees all. */
const AHEAD = 8;
/** A window of 24 hours that began two days ago may end in the night of a change of clocks. */
const BEHIND = 2;

const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"] as const;

function spansAround(now: number, { days, start, duration }: Window, zone: TimeZone): Span[] {
  const [hours = 0, minutes = 0] = start.split(":").map(Number);
  const today = Math.floor(zone.wallOf(now) / DAY) * DAY;
  const spans: Span[] = [];
  for (let day = today - BEHIND * DAY; day <= today + AHEAD * DAY; day += DAY) {
    const name = DAYS[new Date(day).getUTCDay()];
    if (days && !days.some((wanted) => wanted === name)) continue;
    const from = zone.instantOf(day + (hours * 60 + minutes) * 60_000);
    spans.push({ from, until: from + 1_000 * secondsOf(duration) });
  }
  return spans;
}

/** The same time in as few spans as possible, in order. */
function merged(spans: readonly Span[]): Span[] {
  const result: Span[] = [];
  for (const span of spans.toSorted((a, b) => a.from - b.from)) {
    const last = result.at(-1);
    if (last && span.from <= last.until) {
      result.splice(-1, 1, { from: last.from, until: Math.max(last.until, span.until) });
    } else result.push(span);
  }
  return result;
}

function stateOf(spans: readonly Span[], now: number): Omit<WindowState, "faults"> {
  const current = spans.find(({ from, until }) => from <= now && now < until);
  if (current) {
    const forGood = current.until > now + 7 * DAY;
    return { open: true, ...(!forGood && { closes: new Date(current.until) }) };
  }
  const next = spans.find(({ from }) => from > now);
  return { open: false, ...(next && { opens: new Date(next.from) }) };
}
