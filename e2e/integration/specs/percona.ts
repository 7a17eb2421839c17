// spec.percona.

import { FULL, MINIMAL } from "./_full.ts";
import { objectName, storageClass } from "./_forms.ts";
import type { JsonObject } from "./_json.ts";
import { between, bounds, form, longest, notEmpty, refused, required, type Row } from "./_table.ts";

const BACKUP = "percona.backup";

const backup = (fields: JsonObject): JsonObject => ({
  ...MINIMAL,
  percona: { enabled: true, backup: { enabled: true, ...fields } },
});

const schedule = (path: string, example: string): Row[] => [
  ...form(
    path,
    `a cron schedule of five fields (minute, hour, day, month, day of the week), or @daily and the like, such as ${example}`,
    {
      accepted: [
        ...["* * * * *", "59 23 31 12 6", "0 0 1 1 0", "*/15 0-6,20 1-15/2 JAN-mar Mon,Wed"],
        ...["0 2 ? * sun", "5  4 * * *", "@daily", "@hourly", "@annually"],
      ] as const,
      refused: [
        ...["60 * * * *", "* 24 * * *", "* * 0 * *", "* * 32 * *", "* * * 13 *", "* * * * 7"],
        ...["* * * foo *", "*/0 * * * *", "* * * *", "* * * * * *", "@often", "daily", ""],
      ] as const,
    },
  ),
  ...longest(path, 64, { from: "0 2 * * * " }).slice(1),
];

export const percona: readonly Row[] = [
  ...bounds("percona.replicas", 1, 5),
  ...form(
    "percona.storageSize",
    "a size from 16Mi on, as a number with a unit such as Mi, Gi, M or G, such as 10Gi",
    {
      accepted: ["16Mi", "10G", "1.5Ti", "17000000"],
      refused: ["15Mi", "16M", "0", "10 Gi", "ten", "-1Gi", ""],
    },
  ),
  ...longest("percona.storageSize", 32, { fill: "1" }),
  ...storageClass("percona.storageClassName"),
  ...form(
    "percona.databaseName",
    "a database name: lower-case letters, digits, '_' and '-', beginning with a letter or '_', such as dittofs",
    { accepted: ["a", "_a", "a-b_1"], refused: ["", "1a", "A", "a.b", "a b"] },
  ),
  ...longest("percona.databaseName", 63),
  ...objectName(`${BACKUP}.credentialsSecretRef.name`, "backup-credentials"),
  ...required(`${BACKUP}.credentialsSecretRef.name`),
  ...notEmpty(`${BACKUP}.bucket`),
  ...longest(`${BACKUP}.bucket`, 63),
  ...notEmpty(`${BACKUP}.endpoint`),
  ...longest(`${BACKUP}.endpoint`, 512),
  ...notEmpty(`${BACKUP}.region`),
  ...longest(`${BACKUP}.region`, 64),
  ...schedule(`${BACKUP}.fullSchedule`, "0 2 * * *"),
  ...schedule(`${BACKUP}.incrSchedule`, "0 * * * *"),
  ...bounds(`${BACKUP}.retentionDays`, 1, 36_500),
  refused(
    "percona",
    true,
    FULL,
    `Invalid value: "boolean": spec.percona in body must be of type object: "boolean"`,
  ),
  ...between({
    field: "spec.percona.backup.bucket",
    message: "backup needs bucket; set it",
    accepted: [backup({ bucket: "b", endpoint: "e" }), backup({ enabled: false })],
    refused: [backup({ endpoint: "https://s3.example.com" })],
  }),
  ...between({
    field: "spec.percona.backup.endpoint",
    message: "backup needs endpoint; set it",
    accepted: [backup({ bucket: "b", endpoint: "e" }), backup({ enabled: false })],
    refused: [backup({ bucket: "dittofs-backups" })],
  }),
];
