// Who may use a share, and how much of it.

import * as z from "zod";
import { dataSize, duration } from "../fields.ts";
import { groupName, permission, sid, unixId, userName } from "../principals.ts";
import { rules } from "../schema.ts";

/** In CEL, that exactly one of the fields is there. */
const oneOf = (...fields: string[]) =>
  `[${fields.map((field) => `has(self.${field})`).join(", ")}].exists_one(x, x)`;

/** In CEL, that no two elements are for the same one. */
const different = (...fields: string[]) =>
  fields.map((field) =>
    `(!has(a.${field}) || self.exists_one(b, has(b.${field}) && b.${field} == a.${field}))`
  ).join(" && ");

const hasSid = (x: string) => `(has(${x}.userSID) || has(${x}.groupSID))`;
const sidOf = (x: string) => `(has(${x}.userSID) ? ${x}.userSID : ${x}.groupSID)`;

const grant = z.object({
  user: userName("alice").optional().meta({ description: "User of the server." }),
  group: groupName("engineering").optional().meta({ description: "Group of the server." }),
  userSID: sid("S-1-5-21-1004336348-1177238915-682003330-1107").optional().meta({
    description: "User of a Windows domain, whom the server need not know.",
  }),
  groupSID: sid("S-1-5-21-1004336348-1177238915-682003330-513").optional().meta({
    description: "Group of a Windows domain, which the server need not know.",
  }),
  permission: permission.meta({
    description:
      "What they may do: none keeps them out where defaultPermission lets everybody in, admin adds full control of files, such as over their permissions.",
    examples: ["read-write"],
  }),
}).meta({
  description: "One grant.",
  ...rules({
    rule: oneOf("user", "group", "userSID", "groupSID"),
    message:
      "must be for exactly one of user, group, userSID and groupSID; set one of them, and make another grant for each other",
  }),
});

/** Who may use a share beyond what everybody may. */
export const grants = z.array(grant).max(256).meta({
  description: "What users and groups may do in the share, beyond defaultPermission.",
  // Two rules, because what one may cost is bounded.
  ...rules(
    {
      rule: `self.all(a, ${different("user", "group")})`,
      message: "two grants are for the same user or group; leave one of them",
    },
    {
      rule: `self.all(a, !${hasSid("a")} || self.exists_one(b, ${hasSid("b")} && ${sidOf("b")} == ${
        sidOf("a")
      }))`,
      message: "two grants are for the same SID; leave one of them",
    },
  ),
});

const quota = z.object({
  user: userName("alice").optional().meta({ description: "User of the server." }),
  group: groupName("engineering").optional().meta({ description: "Group of the server." }),
  uid: unixId(1, 1001).optional().meta({
    description: "User by number, such as one whom only NFS clients know.",
  }),
  gid: unixId(1, 5000).optional().meta({
    description: "Group by number, such as one that only NFS clients know.",
  }),
  size: dataSize("50Gi").optional().meta({ description: "Data that they may have at most." }),
  softSize: dataSize("40Gi").optional().meta({
    description: "Data that they may have for longer than gracePeriod.",
  }),
  files: z.int().min(1).max(1_000_000_000_000).optional().meta({
    description: "Files that they may have at most.",
    examples: [1_000_000],
  }),
  softFiles: z.int().min(1).max(1_000_000_000_000).optional().meta({
    description: "Files that they may have for longer than gracePeriod.",
    examples: [900_000],
  }),
  gracePeriod: duration("1s", "8760h", "168h").optional().meta({
    description:
      "How long they may have more than softSize or softFiles. Without it the soft limits are only told, and never enforced.",
  }),
}).meta({
  description: "One quota.",
  ...rules(
    {
      rule: oneOf("user", "group", "uid", "gid"),
      message:
        "must be for exactly one of user, group, uid and gid; set one of them, and make another quota for each other",
    },
    {
      rule: "has(self.size) || has(self.softSize) || has(self.files) || has(self.softFiles)",
      message: "must limit something; set size, files, softSize or softFiles",
    },
    {
      rule:
        "!has(self.size) || !has(self.softSize) || quantity(self.softSize).compareTo(quantity(self.size)) <= 0",
      message: "softSize must not be more than size; lower it",
      fieldPath: ".softSize",
    },
    {
      rule: "!has(self.files) || !has(self.softFiles) || self.softFiles <= self.files",
      message: "softFiles must not be more than files; lower it",
      fieldPath: ".softFiles",
    },
    {
      rule: "!has(self.gracePeriod) || has(self.softSize) || has(self.softFiles)",
      message: "gracePeriod is about softSize and softFiles; set one of them, or remove it",
      fieldPath: ".gracePeriod",
    },
  ),
});

/** How much of a share one user or group may have. */
export const quotas = z.array(quota).max(256).meta({
  description: "How much of the share one user or group may have.",
  ...rules({
    rule: `self.all(a, ${different("user", "group", "uid", "gid")})`,
    message: "two quotas are for the same user or group; leave one of them",
  }),
});
