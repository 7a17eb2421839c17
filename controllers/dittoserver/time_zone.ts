// Wall clocks of time zones, from the data that Intl has.

/** The wall clock of a time zone. */
export interface TimeZone {
  /** What the wall clock shows at an instant, as if it were UTC: milliseconds since 1970. */
  wallOf(instant: number): number;
  /**
   * The instant at which the wall clock shows a time. What it shows twice, when clocks go back,
   * is the first time; what it never shows, when they go forward, is as late as if they had not.
   */
  instantOf(wall: number): number;
}

const known = new Map<string, TimeZone>();

/** The time zone of an IANA name; undefined if there is none of that name. */
export function timeZone(name: string): TimeZone | undefined {
  const zone = known.get(name) ?? load(name);
  if (zone) known.set(name, zone);
  return zone;
}

function load(name: string): TimeZone | undefined {
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat("en-US", {
      timeZone: name,
      calendar: "gregory",
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
  } catch {
    return undefined;
  }
  const wallOf = (instant: number) => {
    const parts = format.formatToParts(instant);
    const part = (type: Intl.DateTimeFormatPartTypes) =>
      Number(parts.find((part) => part.type === type)?.value);
    const date = [part("year"), part("month") - 1, part("day")] as const;
    return Date.UTC(...date, part("hour"), part("minute"), part("second"));
  };
  const offsetAt = (instant: number) => wallOf(instant) - instant;
  const instantOf = (wall: number) => {
    // No zone is a day from UTC, so these are the offsets before and after any change near it.
    const before = wall - offsetAt(wall - DAY);
    const after = wall - offsetAt(wall + DAY);
    return wallOf(before) === wall || wallOf(after) !== wall ? before : after;
  };
  return { wallOf, instantOf };
}

/** A day without a change of clocks, in milliseconds. */
export const DAY = 86_400_000;
