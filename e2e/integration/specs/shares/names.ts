// What a share is called: one segment, because SMB clients cannot reach another, and none with a
// colon, because the server never loads it.

import { managed, ownName } from "../_managed.ts";
import { form, longest, type Row } from "../_table.ts";
import { FULL, MINIMAL } from "./_full.ts";

export const names: readonly Row[] = [
  ...managed(FULL),
  ...ownName(MINIMAL),
  ...form(
    "shareName",
    "the name of a share: one segment without '/' and ':', of letters, digits, '.', '_' and '-', beginning with a letter or digit, such as projects",
    {
      accepted: ["a", "0", "Projects_2026.old-1", "a".repeat(80)],
      refused: ["", "/projects", "a/b", "a:b", "..", ".hidden", "-a", "a b", "a%2Fb", "a\\b", "ä"],
    },
    FULL,
  ),
  ...longest("shareName", 80, { around: FULL }),
];
