// The kinds of values that our resources are made of: each with its form, its bounds and what
// is said when it has another.
//
// A form is a regular expression that JavaScript and RE2 read alike. In the CRD it becomes a
// rule with a message in words, because "should match '^…$'" helps nobody.

import * as z from "zod";
import { FORM, rules, type ValidationRule } from "./schema.ts";

/** A text of one form. `form` completes the sentence "must be …". */
export function text(pattern: RegExp, maxLength: number, form: string, ...examples: string[]) {
  return z.string().max(maxLength).regex(pattern).meta({ [FORM]: form, examples });
}

/** A text of any form that is not empty. */
export function anyText(maxLength: number, ...examples: string[]) {
  return z.string().min(1).max(maxLength).meta({ examples });
}

/** Numbers that are too large for a duration do not get as far as being converted to one. */
const DURATION = /^([0-9]{1,9}(\.[0-9]{1,9})?(ns|us|ms|s)|[0-9]{1,6}(\.[0-9]{1,9})?(m|h)){1,4}$/;

/** In CEL, whether a value can be converted to a duration without an error. */
export const isDuration = (value: string) =>
  `${value}.matches('${DURATION.source.replaceAll("\\", "\\\\")}')`;

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

/** The same in whole seconds, for settings of the server that know no smaller unit. */
export function seconds(from: string, to: string, ...examples: string[]) {
  const within = `self >= duration('${from}') && self <= duration('${to}')`;
  return z.string().max(16).regex(/^([0-9]{1,6}[smh]){1,2}$/).meta({
    [FORM]: {
      rule: within.replaceAll("self", "duration(self)"),
      form: `a duration from ${from} to ${to} in whole seconds, with its unit (s, m or h)`,
    },
    examples,
  });
}

/** An amount of data that files may have. The server counts in a signed 64-bit number of bytes. */
export function dataSize(...examples: string[]) {
  return text(
    /^[1-9][0-9]{0,5}(Mi|Gi|Ti)$/,
    8,
    "a size, as a whole number of at most six digits with the unit Mi, Gi or Ti",
    ...examples,
  );
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

/** The same in any unit that Kubernetes knows. */
export function anySize(...examples: string[]) {
  return z.string().max(32).regex(/^[0-9]+(\.[0-9]+)?(k|M|G|T|P|Ki|Mi|Gi|Ti|Pi)?$/).meta({
    [FORM]: {
      rule: "quantity(self).compareTo(quantity('16Mi')) >= 0",
      form: "a size from 16Mi on, as a number with a unit such as Mi, Gi, M or G",
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

/** The name of a Secret, a PriorityClass or another object whose name may have dots. */
export function objectName(...examples: string[]) {
  return text(
    /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/,
    253,
    "the name of an object: lower-case letters, digits, '-' and '.', beginning and ending with a letter or digit",
    ...examples,
  );
}

/** The name of a namespace. */
export function namespaceName(...examples: string[]) {
  return text(
    /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/,
    63,
    "the name of a namespace: lower-case letters, digits and '-'",
    ...examples,
  );
}

/** A StorageClass. An empty name asks for a volume without one, as in a claim. */
export function storageClass(...examples: string[]) {
  return text(
    /^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*)?$/,
    253,
    "the name of a StorageClass, or empty for volumes that were made by hand",
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

/** Labels by which others select or are selected. */
export function labelMap(example: Readonly<Record<string, string>>, ...more: ValidationRule[]) {
  const value = text(
    /^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$/,
    63,
    "the value of a label: letters, digits, '-', '_' and '.', beginning and ending with a letter or digit",
  );
  return z.record(z.string().max(317), value).meta({
    maxProperties: 64,
    examples: [example],
    ...rules(wellFormedKeys("labels"), ...more),
  });
}

/** Labels that are put onto objects which the operator selects by labels of its own. */
export function labels(example: string) {
  return labelMap({ [example]: "value" }, {
    rule:
      "self.all(k, !k.startsWith('app.kubernetes.io/') && k != 'app' && k != 'instance' && !k.contains('dittofs.com/'))",
    message:
      "must not have app, instance, app.kubernetes.io/… or …dittofs.com/… labels; the operator sets them itself, so choose other keys",
  });
}

/** Annotations that are put onto objects. */
export function annotations(example: string) {
  return z.record(z.string().max(317), z.string().max(8192)).meta({
    maxProperties: 64,
    examples: [{ [example]: "value" }],
    ...rules(wellFormedKeys("annotations"), {
      rule: "self.all(k, !k.contains('dittofs.com/') && !k.startsWith('dittofs.io/'))",
      message:
        "must not have …dittofs.com/… or dittofs.io/… annotations; the operator keeps its own notes there, so choose other keys",
    }),
  });
}

/** Keys as Kubernetes demands them of labels and annotations. */
function wellFormedKeys(what: string): ValidationRule {
  const prefix = "[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/";
  const name = "[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?";
  return {
    rule: `self.all(k, k.matches('^(${prefix})?${name}$'))`,
    message: `must have keys that Kubernetes takes for ${what}, such as team or example.com/team`,
  };
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
