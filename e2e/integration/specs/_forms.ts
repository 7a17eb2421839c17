// Forms that several fields have, each with what is just accepted and just refused.

import { FULL } from "./_full.ts";
import type { JsonObject } from "./_json.ts";
import { bounds, form, longest, refused, required, type Row } from "./_table.ts";

const LONG = "a".repeat(253);

const NAME =
  "the name of an object: lower-case letters, digits, '-' and '.', beginning and ending with a letter or digit";

/** The name of a Secret and the like. */
export function objectName(path: string, example: string, around?: JsonObject): Row[] {
  return [
    ...form(path, `${NAME}, such as ${example}`, {
      accepted: ["a", "0", "my-secret.v2", LONG],
      refused: ["", "-a", "a-", "A", "a..b", "a_b", "a/b", ".a", "a b"],
    }, around),
    ...longest(path, 253, around && { around }),
  ];
}

/** The same where an empty name counts as absent. */
export function lenientName(path: string, example: string, around?: JsonObject): Row[] {
  return [
    ...form(path, `empty, or the name of a Secret, such as ${example}`, {
      accepted: ["", "a", "my-secret.v2", LONG],
      refused: ["-a", "a-", "A", "a_b", "a/b"],
    }, around),
    ...longest(path, 253, around && { around }),
  ];
}

/** A StorageClass. */
export function storageClass(path: string): Row[] {
  return [
    ...form(
      path,
      "the name of a StorageClass, or empty for volumes that were made by hand, such as fast-ssd",
      { accepted: ["", "a", "csi.example.com", LONG], refused: ["-a", "A", "a..b", "a_b"] },
    ),
    ...longest(path, 253),
  ];
}

/** A key in a Secret. */
export function secretKey(path: string, example: string, around?: JsonObject): Row[] {
  return [
    ...form(path, `a key of a Secret: letters, digits, '-', '_' and '.', such as ${example}`, {
      accepted: ["a", ".dockerconfigjson", "A_b-c.D"],
      refused: ["", "a b", "a/b", "ä"],
    }, around),
    ...longest(path, 253, around && { around }),
  ];
}

/** A reference to a key of a Secret. */
export function secretRef(path: string, name: string, key: string): Row[] {
  return [...objectName(`${path}.name`, name), ...secretKey(`${path}.key`, key)];
}

/** The same where an empty name counts as absent. */
export function lenientRef(
  path: string,
  name: string,
  key: string,
  around?: JsonObject,
): Row[] {
  return [...lenientName(`${path}.name`, name, around), ...secretKey(`${path}.key`, key)];
}

/** A duration: bounds, and what is outside of them. */
export interface DurationRow {
  readonly from: string;
  readonly to: string;
  readonly example: string;
  /** Absent where nothing is, or where another rule would be broken too. */
  readonly tooShort?: string;
  readonly tooLong: string;
}

/** A duration; `around` is given where another field depends on it. */
export function duration(
  path: string,
  { from, to, example, tooShort, tooLong }: DurationRow,
  around?: JsonObject,
): Row[] {
  const says = `a duration from ${from} to ${to} with its unit (ms, s, m or h), such as ${example}`;
  return [
    ...form(path, says, {
      accepted: [from, to],
      // The server takes a number without a unit for nanoseconds, and Go knows no days.
      refused: [tooLong, ...(tooShort ? [tooShort] : []), "30", "1d", "-5m", "5 m", "", "9999999h"],
    }, around),
    refused(path, "1".repeat(33), around ?? FULL, "Too long: may not be more than 32 bytes"),
  ];
}

/** The size of a volume. */
export function volumeSize(path: string, example: string): Row[] {
  return [
    ...form(
      path,
      `a size from 16Mi on, as a whole number with the unit Mi, Gi or Ti, such as ${example}`,
      {
        accepted: ["16Mi", "1Gi", "12345678Ti"],
        refused: ["15Mi", "0Gi", "10", "10G", "1.5Gi", "10gi", "-1Gi", "16777216Ki", ""],
      },
    ),
    refused(path, "123456789Ti", FULL, "Too long: may not be more than 10 bytes"),
  ];
}

/** An amount of memory or disk. */
export function amount(path: string, example: string): Row[] {
  return [
    ...form(path, `0, or a whole number with the unit Mi, Gi or Ti, such as ${example}`, {
      accepted: ["0", "1Mi", "4Gi", "12345678Ti"],
      refused: ["1", "0Mi", "1.5Gi", "1G", "1024Ki", "-1Mi", ""],
    }),
    refused(path, "123456789Ti", FULL, "Too long: may not be more than 10 bytes"),
  ];
}

/** A path in the pod. */
export function absolutePath(path: string, example: string, around?: JsonObject): Row[] {
  return [
    ...form(path, `an absolute path, beginning with /, such as ${example}`, {
      accepted: ["/", "/etc/krb5.conf"],
      refused: ["", "etc/krb5.conf", "./x"],
    }, around),
    ...longest(path, 4096, { from: "/", ...(around && { around }) }),
  ];
}

/** A duration that the server takes in whole seconds. */
export function seconds(
  path: string,
  { from, to, example, tooShort, tooLong }: DurationRow,
): Row[] {
  const says =
    `a duration from ${from} to ${to} in whole seconds, with its unit (s, m or h), such as ${example}`;
  return [
    ...form(path, says, {
      accepted: [from, to, "1m30s"],
      refused: [tooLong, ...(tooShort ? [tooShort] : []), "30", "1d", "-5m", "15500ms", "1.5m", ""],
    }),
    refused(path, "0m0m0m0m0m0m0m0m0", FULL, "Too long: may not be more than 16 bytes"),
  ];
}

/** An amount of data. */
export function dataSize(path: string, example: string, around: JsonObject): Row[] {
  return [
    ...form(
      path,
      `a size, as a whole number of at most six digits with the unit Mi, Gi or Ti, such as ${example}`,
      {
        accepted: ["1Mi", "1Gi", "999999Ti"],
        refused: ["0", "0Gi", "10", "10G", "1.5Gi", "10gi", "-1Gi", "64Ki", ""],
      },
      around,
    ),
    refused(path, "1000000Ti", around, "Too long: may not be more than 8 bytes"),
  ];
}

/** When snapshots are made, and how long they are kept. */
export function snapshotSchedule(block: string, around: JsonObject): Row[] {
  return [
    ...required(`${block}.interval`, around),
    ...form(
      `${block}.interval`,
      "@hourly, @daily, @weekly, or a duration from 1m to 8760h with its unit (m or h), such as @daily",
      {
        accepted: ["@hourly", "@daily", "@weekly", "1m", "60s", "8760h"],
        refused: ["@monthly", "daily", "59s", "8761h", "0 2 * * *", "1d", "", "9999999h"],
      },
      around,
    ),
    refused(
      `${block}.interval`,
      "1".repeat(33),
      around,
      "Too long: may not be more than 32 bytes",
    ),
    ...bounds(`${block}.keepLast`, 0, 100_000, around),
    ...duration(`${block}.ttl`, {
      ...{ from: "1m", to: "87600h", example: "720h", tooShort: "59s", tooLong: "87601h" },
    }, around),
    ...form(`${block}.namePrefix`, "letters, digits, '_' and '-', such as nightly", {
      accepted: ["", "A_b-1"],
      refused: ["a b", "a.b", "ä"],
    }, around),
    ...longest(`${block}.namePrefix`, 64, { around }),
  ];
}

/** A user or group by name. */
export function principalName(
  path: string,
  what: "user" | "group",
  example: string,
  around: JsonObject,
): Row[] {
  return [
    ...form(
      path,
      `the name of a ${what}: letters, digits, '.', '_', '@' and '-', beginning with a letter, digit or '_', such as ${example}`,
      {
        accepted: ["a", "_svc", "0", "Alice.B-c@example.com"],
        refused: ["", "-a", ".a", "a b", "a/b", "EXAMPLE\\alice", "ä"],
      },
      around,
    ),
    ...longest(path, 64, { around }),
  ];
}
