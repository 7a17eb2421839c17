// Starting, stopping, maintenance windows.

import { FULL } from "./_full.ts";
import { withValue } from "./_json.ts";
import { duration } from "./_forms.ts";
import { bounds, form, longest, most, oneOf, refused, required, type Row } from "./_table.ts";

const WINDOW = "maintenance.windows[0]";
const DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"] as const;

export const lifecycle: readonly Row[] = [
  ...["paused", "hibernate"].map((field) =>
    refused(
      field,
      "true",
      FULL,
      `Invalid value: "string": spec.${field} in body must be of type boolean: "string"`,
    )
  ),
  ...oneOf(`${WINDOW}.days[0]`, DAYS, withValue(FULL, `${WINDOW}.days`, ["Mon"])),
  refused(
    `${WINDOW}.days`,
    [],
    FULL,
    `Invalid value: 0: spec.${WINDOW}.days in body should have at least 1 items`,
  ),
  {
    ...refused(`${WINDOW}.days`, ["Sat", "Sat"], FULL, ""),
    cause: { field: `spec.${WINDOW}.days[1]`, message: `Duplicate value: "Sat"` },
  },
  ...required(`${WINDOW}.start`),
  ...form(`${WINDOW}.start`, "a time of day from 00:00 to 23:59, such as 02:30", {
    accepted: ["00:00", "23:59"],
    refused: ["24:00", "2:30", "12:60", "noon", ""],
  }),
  refused(`${WINDOW}.start`, "02:30h", FULL, "Too long: may not be more than 5 bytes"),
  ...required(`${WINDOW}.duration`),
  ...duration(`${WINDOW}.duration`, {
    ...{ from: "10m", to: "24h", example: "2h", tooShort: "599s", tooLong: "25h" },
  }),
  ...form(`${WINDOW}.timeZone`, "a time zone of the IANA database, such as Europe/Rome", {
    accepted: ["UTC", "America/Argentina/Buenos_Aires", "Etc/GMT+3"],
    refused: ["", "+01:00", "Europe/ Rome", "1"],
  }),
  ...longest(`${WINDOW}.timeZone`, 64),
  ...most("maintenance.windows", 16, () => ({ start: "00:00", duration: "1h" })),
  ...duration("maintenance.drainTimeout", {
    ...{ from: "0s", to: "24h", example: "10m", tooLong: "25h" },
  }),
  ...duration("shutdownTimeout", {
    ...{ from: "1s", to: "10m", example: "30s", tooShort: "500ms", tooLong: "11m" },
  }),
  ...duration("startupTimeout", {
    ...{ from: "1m", to: "24h", example: "15m", tooShort: "59s", tooLong: "24h1m" },
  }),
  ...bounds("terminationGracePeriodSeconds", 36, 86_400),
];
