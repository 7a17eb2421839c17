// Who may log in: the keys of the server's own tokens, its admin, and directories behind it.

import * as z from "zod";
import { anyText, duration, isDuration, lenientSecretRef, secretRef, text } from "../fields.ts";
import { deprecated, rules } from "../schema.ts";
import { kerberos } from "./kerberos.ts";
import { ldap } from "./ldap.ts";

const jwt = z.object({
  secretRef: lenientSecretRef("files-jwt", "secret").optional().meta({
    description:
      "Key that the tokens of the REST API are signed with, at least 32 characters. Without it the operator generates one. A changed key ends every session.",
  }),
  accessTokenDuration: duration("1m", "24h", "15m").default("15m").meta({
    description: "How long an access token is valid.",
  }),
  refreshTokenDuration: duration("1m", "8760h", "168h").default("168h").meta({
    description: "How long a login can be renewed without the password.",
  }),
}).meta(rules({
  // What is no duration is refused at its own field.
  rule: `!(${isDuration("self.accessTokenDuration")} && ${
    isDuration("self.refreshTokenDuration")
  }) || duration(self.accessTokenDuration) <= duration(self.refreshTokenDuration)`,
  message: "refreshTokenDuration must not be shorter than accessTokenDuration; make it longer",
  fieldPath: ".refreshTokenDuration",
}));

const admin = z.object({
  username: text(/^[A-Za-z0-9._-]+$/, 64, "letters, digits, '.', '_' and '-'", "admin")
    .default("admin").meta({
      description: "Accepted for manifests of the Go operator.",
      ...deprecated("the server calls its first administrator admin, whatever is written here"),
    }),
  email: anyText(254, "admin@example.com").optional().meta({
    description: "Mail address of the admin, for information.",
  }),
  passwordSecretRef: secretRef("files-admin", "password").optional().meta({
    description:
      "Password of the admin in clear text, 8 to 72 characters, read at the very first start. Without it the operator generates one in the Secret NAME-admin-bootstrap-credentials.",
  }),
  passwordRotation: anyText(64, "2027-01").optional().meta({
    description:
      "Any text. Whenever it changes, the admin gets a new password: the one that passwordSecretRef has by then, or without that a new one in the Secret NAME-admin-bootstrap-credentials.",
  }),
});

export const identity = z.object({
  type: z.enum(["memory"]).default("memory").meta({
    description: "Accepted for manifests of the Go operator.",
    ...deprecated("it has no effect; users are always kept in the database"),
  }),
  jwt: jwt.prefault({}).meta({ description: "The tokens of the REST API." }),
  admin: admin.prefault({}).meta({ description: "The first administrator." }),
  ldap: ldap.optional(),
  kerberos: kerberos.optional(),
  machineSid: text(
    /^S-1-5-21-[0-9]{1,10}-[0-9]{1,10}-[0-9]{1,10}$/,
    64,
    "a machine SID: S-1-5-21 and three numbers",
    "S-1-5-21-1004336348-1177238915-682003330",
  ).optional().meta({
    description:
      "SID of the server in Windows' terms. Without it the server makes one up at its first start and keeps it.",
  }),
});
