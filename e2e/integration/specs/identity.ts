// spec.identity: tokens, the admin, the machine SID.

import { FULL, MINIMAL } from "./_full.ts";
import { duration, lenientRef, secretRef } from "./_forms.ts";
import { type JsonObject, withValue } from "./_json.ts";
import { accepted, between, form, longest, notEmpty, oneOf, required, type Row } from "./_table.ts";

const jwt = (fields: JsonObject): JsonObject => ({ ...MINIMAL, identity: { jwt: fields } });

export const identity: readonly Row[] = [
  ...oneOf("identity.type", ["memory"]),
  ...lenientRef("identity.jwt.secretRef", "files-jwt", "secret"),
  ...required("identity.jwt.secretRef.key"),
  ...duration("identity.jwt.accessTokenDuration", {
    ...{ from: "1m", to: "24h", example: "15m", tooShort: "59s", tooLong: "24h1s" },
  }),
  ...duration(
    "identity.jwt.refreshTokenDuration",
    { from: "1m", to: "8760h", example: "168h", tooLong: "8760h1ns" },
    withValue(FULL, "identity.jwt.accessTokenDuration", "1m"),
  ),
  ...between({
    field: "spec.identity.jwt.refreshTokenDuration",
    message: "refreshTokenDuration must not be shorter than accessTokenDuration; make it longer",
    accepted: [
      jwt({ accessTokenDuration: "1h", refreshTokenDuration: "60m" }),
      jwt({ accessTokenDuration: "1h" }),
    ],
    refused: [
      jwt({ accessTokenDuration: "1h", refreshTokenDuration: "59m59s" }),
      jwt({ refreshTokenDuration: "14m" }),
    ],
  }),
  ...form("identity.admin.username", "letters, digits, '.', '_' and '-', such as admin", {
    accepted: ["admin", "A.b_c-1"],
    refused: ["", "a b", "ä"],
  }),
  ...longest("identity.admin.username", 64),
  ...notEmpty("identity.admin.email"),
  ...longest("identity.admin.email", 254),
  ...notEmpty("identity.admin.passwordRotation"),
  ...longest("identity.admin.passwordRotation", 64),
  ...secretRef("identity.admin.passwordSecretRef", "files-admin", "password"),
  ...required("identity.admin.passwordSecretRef.name"),
  ...required("identity.admin.passwordSecretRef.key"),
  ...form(
    "identity.machineSid",
    "a machine SID: S-1-5-21 and three numbers, such as S-1-5-21-1004336348-1177238915-682003330",
    {
      accepted: ["S-1-5-21-0-1-4294967295"],
      refused: ["S-1-5-21-1-2", "S-1-5-21-1-2-3-4", "s-1-5-21-1-2-3", ""],
    },
  ),
  ...longest("identity.machineSid", 64, { from: "S-1-5-21-" }).slice(1),
  accepted("identity.jwt.secretRef", { name: "", key: "jwt-secret" }, MINIMAL),
];
