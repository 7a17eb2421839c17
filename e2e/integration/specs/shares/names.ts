// What a share is called: one segment, because SMB clients cannot reach another, and none with a
// colon or of more than 26 characters, because the server never loads it.

import { managed, ownName } from "../_managed.ts";
import { form, longest, type Row } from "../_table.ts";
import { FULL, MINIMAL } from "./_full.ts";

export const names: readonly Row[] = [
  ...managed(FULL),
  ...ownName({ ...MINIMAL, shareName: "projects" }),
  { says: "a resource with the longest name of a share", name: "a".repeat(26), spec: MINIMAL },
  {
    says: "a resource with a longer name and no shareName",
    name: "a".repeat(27),
    spec: MINIMAL,
    cause: {
      field: "spec.shareName",
      message:
        'Invalid value: "object": must be set, because the name of this resource has more than the 26 characters that the name of a share can have; set a shorter one',
    },
  },
  ...form(
    "shareName",
    "the name of a share: one segment without '/' and ':', of letters, digits, '.', '_' and '-', beginning with a letter or digit, such as projects",
    {
      accepted: ["a", "0", "Projects_2026.old-1", "a".repeat(26)],
      refused: ["", "/projects", "a/b", "a:b", "..", ".hidden", "-a", "a b", "a%2Fb", "a\\b", "ä"],
    },
    FULL,
  ),
  ...longest("shareName", 26, { around: FULL }),
];
