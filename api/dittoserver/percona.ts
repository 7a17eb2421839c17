// A PostgreSQL cluster of the Percona operator, made for the server.

import * as z from "zod";
import { anySize, anyText, objectName, storageClass, text } from "../fields.ts";
import { rules } from "../schema.ts";

/** One field of a schedule as Kubernetes reads it: values, ranges and steps, in a list. */
const field = (value: string) => {
  const item = `([*?]|${value}(-${value})?)(/[1-9][0-9]?)?`;
  return `${item}(,${item})*`;
};

/** Names of months or days, in whatever case. */
const names = (list: string) =>
  list.split(" ").map((name) =>
    Array.from(name, (letter) => `[${letter.toUpperCase()}${letter}]`).join("")
  ).join("|");

const MONTHS = names("jan feb mar apr may jun jul aug sep oct nov dec");
const DAYS = names("sun mon tue wed thu fri sat");
const CRON = new RegExp(
  `^(@(hourly|daily|midnight|weekly|monthly|yearly|annually)|${
    [
      field("[0-5]?[0-9]"),
      field("([01]?[0-9]|2[0-3])"),
      field("([1-9]|0[1-9]|[12][0-9]|3[01])"),
      field(`(0?[1-9]|1[0-2]|${MONTHS})`),
      field(`([0-6]|${DAYS})`),
    ].join(" +")
  })$`,
);

const schedule = (example: string) =>
  text(
    CRON,
    64,
    "a cron schedule of five fields (minute, hour, day, month, day of the week), or @daily and the like",
    example,
  );

const backup = z.object({
  enabled: z.boolean().default(false).meta({
    description: "Backs the database up to S3 with pgBackRest.",
  }),
  credentialsSecretRef: z.object({
    name: objectName("backup-credentials").meta({ description: "Name of the Secret." }),
  }).optional().meta({
    description: "Secret with pgBackRest's S3 credentials.",
  }),
  bucket: anyText(63, "dittofs-backups").optional().meta({ description: "S3 bucket." }),
  endpoint: anyText(512, "https://s3.example.com").optional().meta({
    description: "Address of the S3 service.",
  }),
  region: anyText(64, "eu-west-1").default("eu-west-1").meta({ description: "S3 region." }),
  fullSchedule: schedule("0 2 * * *").default("0 2 * * *").meta({
    description: "When a full backup is made.",
  }),
  incrSchedule: schedule("0 * * * *").default("0 * * * *").meta({
    description: "When an incremental backup is made.",
  }),
  retentionDays: z.int().min(1).max(36_500).default(7).meta({
    description: "Days that backups are kept.",
    examples: [30],
  }),
}).meta(rules(
  {
    rule: "!self.enabled || has(self.bucket)",
    message: "backup needs bucket; set it",
    fieldPath: ".bucket",
  },
  {
    rule: "!self.enabled || has(self.endpoint)",
    message: "backup needs endpoint; set it",
    fieldPath: ".endpoint",
  },
));

export const percona = z.object({
  enabled: z.boolean().default(false).meta({
    description:
      "Keeps the control-plane database in a PerconaPGCluster. This version of the operator does not make one yet and says so in the condition DatabaseReady; with postgresSecretRef the server uses a cluster that you made.",
  }),
  deleteWithServer: z.boolean().default(false).meta({
    description: "Deletes the cluster and its data together with this resource.",
  }),
  replicas: z.int().min(1).max(5).default(1).meta({
    description: "PostgreSQL instances.",
    examples: [3],
  }),
  storageSize: anySize("10Gi").default("10Gi").meta({
    description: "Size of the volume of each instance.",
  }),
  storageClassName: storageClass("fast-ssd").optional().meta({
    description: "StorageClass of these volumes.",
  }),
  databaseName: text(
    /^[a-z_][a-z0-9_-]*$/,
    63,
    "a database name: lower-case letters, digits, '_' and '-', beginning with a letter or '_'",
    "dittofs",
  ).default("dittofs").meta({ description: "Name of the database." }),
  backup: backup.optional().meta({ description: "Backups of the database." }),
});
