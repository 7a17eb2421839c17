// Who may have something on the server, and how the operator looks after it.

import { FULL } from "./_full.ts";
import { duration } from "./_forms.ts";
import { form, longest, most, oneOf, refused, type Row } from "./_table.ts";

export const sharing: readonly Row[] = [
  ...form("allowedNamespaces[0]", "the name of a namespace, or * for all, such as team-a", {
    accepted: ["*", "a", "0", "team-1"],
    refused: ["", "**", "team-*", "-a", "a-", "A", "a.b", "a_b"],
  }),
  ...longest("allowedNamespaces[0]", 63),
  ...most("allowedNamespaces", 64, (index) => `team-${index}`),
  {
    ...refused("allowedNamespaces", ["a", "a"], FULL, ""),
    cause: { field: "spec.allowedNamespaces[1]", message: `Duplicate value: "a"` },
  },
  ...oneOf("management", ["Enforce", "Report"]),
  ...duration("checkInterval", {
    ...{ from: "1m", to: "24h", example: "5m", tooShort: "59s", tooLong: "25h" },
  }),
];
