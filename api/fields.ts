// The kinds of values that our resources are made of: each with its form, its bounds and what
// is said when it has another.
//
// A form is a regular expression that JavaScript and RE2 read alike. In the CRD it becomes a
// rule with a message in words, because "should match '^…$'" helps nobody.

import * as z from "zod";
import { FORM, rules } from "./schema.ts";

/** A text of one form. `form` completes the sentence "must be …". */
export function text(pattern: RegExp, maxLength: number, form: string, ...examples: string[]) {
  return z.string().max(maxLength).regex(pattern).meta({ [FORM]: form, examples });
}

/** A text of any form that is not empty. */
export function anyText(maxLength: number, ...examples: string[]) {
  return z.string().min(1).max(maxLength).meta({ examples });
}

const DURATION = /^([0-9]{1,9}(\.[0-9]{1,9})?(ns|us|ms|s|m|h)){1,4}$/;

/**
 * A duration as Go writes it: whole or decimal numbers, each with a unit. The server takes a
 * number without a unit for nanoseconds, so there is none.
 */
export function duration(from: string, to: string, ...examples: string[]) {
  const within = `self >= duration('${from}') && self <= duration('${to}')`;
  return z.string().max(32).regex(DURATION).meta({
    [FORM]: {
      rule: within.replaceAll("self", "duration(self)"),
      form: `a duration from ${from} to ${to} with its unit (ms, s, m or h)`,
    },
    examples,
  });
}

/** The size of a volume, in the units that the Go operator knew. */
export function volumeSize(...examples: string[]) {
  return z.string().max(10).regex(/^[1-9][0-9]*(Mi|Gi|Ti)$/).meta({
    [FORM]: {
      rule: "quantity(self).compareTo(quantity('16Mi')) >= 0",
      form: "a size from 16Mi on, as a whole number with the unit Mi, Gi or Ti",
    },
    examples,
  });
}

/** An amount of memory or disk. */
export function amount(...examples: string[]) {
  return text(
    /^(0|[1-9][0-9]*(Mi|Gi|Ti))$/,
    10,
    "0, or a whole number with the unit Mi, Gi or Ti",
    ...examples,
  );
}

/** A TCP port. */
export function port(...examples: number[]) {
  return z.int().min(1).max(65535).meta({ examples });
}

/** The name of a Secret, a StorageClass or another object whose name may have dots. */
export function objectName(...examples: string[]) {
  return text(
    /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/,
    253,
    "the name of an object: lower-case letters, digits, '-' and '.', beginning and ending with a letter or digit",
    ...examples,
  );
}

/** A key in a Secret. */
export function secretKey(...examples: string[]) {
  return text(
    /^[-._a-zA-Z0-9]+$/,
    253,
    "a key of a Secret: letters, digits, '-', '_' and '.'",
    ...examples,
  );
}

/** An absolute path inside the pod. */
export function absolutePath(...examples: string[]) {
  return text(/^\/[^\0]*$/, 4096, "an absolute path, beginning with /", ...examples);
}

/** An IP range. */
export function cidr(...examples: string[]) {
  return z.string().max(43).meta({
    examples,
    ...rules({
      rule: "isCIDR(self)",
      message: "must be an address range in CIDR form, such as 10.0.0.0/8 or 2001:db8::/32",
    }),
  });
}

/** Labels that are put onto objects. */
export function labels(example: string) {
  const name = z.string().max(317);
  return z.record(name, z.string().max(63)).meta({
    maxProperties: 64,
    examples: [{ [example]: "value" }],
    ...rules({
      rule:
        "self.all(k, !k.startsWith('app.kubernetes.io/') && k != 'app' && k != 'instance' && !k.contains('dittofs.com/'))",
      message:
        "must not have app, instance, app.kubernetes.io/… or …dittofs.com/… labels; the operator sets them itself, so choose other keys",
    }),
  });
}

/** Annotations that are put onto objects. */
export function annotations(example: string) {
  return z.record(z.string().max(317), z.string().max(8192)).meta({
    maxProperties: 64,
    examples: [{ [example]: "value" }],
    ...rules({
      rule: "self.all(k, !k.contains('dittofs.com/') && !k.startsWith('dittofs.io/'))",
      message:
        "must not have …dittofs.com/… or dittofs.io/… annotations; the operator keeps its own notes there, so choose other keys",
    }),
  });
}

const SECRET = "Name of the Secret, in the namespace of this resource.";
const KEY = "Key in the Secret.";
const OPTIONAL =
  "Accepted for manifests of the Go operator and ignored: what is named here is needed.";

/** One key of a Secret that has to be named. */
export function secretRef(name: string, key: string) {
  return z.object({
    name: objectName(name).meta({ description: SECRET }),
    key: secretKey(key).meta({ description: KEY }),
    optional: z.boolean().optional().meta({ description: OPTIONAL }),
  });
}

/** One key of a Secret; with an empty name it counts as absent, as the Go operator had it. */
export function lenientSecretRef(name: string, key: string) {
  return z.object({
    name: text(
      /^([a-z0-9]([-a-z0-9.]*[a-z0-9])?)?$/,
      253,
      "empty, or the name of a Secret",
      name,
    ).default("").meta({ description: `${SECRET} Empty counts as not set.` }),
    key: secretKey(key).meta({ description: KEY }),
    optional: z.boolean().optional().meta({ description: OPTIONAL }),
  });
}

/** The smallest version of TLS that is spoken. */
export const tlsVersion = z.enum(["1.2", "1.3"]);
