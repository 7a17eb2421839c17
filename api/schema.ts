// What a zod schema needs in addition to say everything that a CRD schema can say.
//
// zod passes the fields of `.meta()` into the JSON Schema that it writes; structural.ts gives
// those below their Kubernetes form, json_schema.ts and reference.ts theirs.

import * as z from "zod";

/** A rule in the Common Expression Language, checked by the API server. */
export interface ValidationRule {
  readonly rule: string;
  /** What is wrong, with the field and the remedy. */
  readonly message: string;
  /** Where in the schema the fault is, when it is one field of several; such as `.port`. */
  readonly fieldPath?: string;
}

/** Rules on the schema that they are the metadata of. */
export function rules(...validations: readonly ValidationRule[]) {
  return { "x-kubernetes-validations": validations };
}

/** A type that Kubernetes defines: its schema is taken from the API server's own. */
export function kubernetesSchema<T>(name: string): z.ZodType<T, T> {
  return z.custom<T>().meta({ [EMBED]: name });
}

/** A list whose elements are told apart, and merged on apply, by one of their fields. */
export function listMap<T extends z.ZodType>(list: T, key: string): T {
  return list.meta({
    "x-kubernetes-list-type": "map",
    "x-kubernetes-list-map-keys": [key],
  });
}

/** A list of different values, merged on apply. */
export function listSet<T extends z.ZodType>(list: T): T {
  return list.meta({ "x-kubernetes-list-type": "set" });
}

/**
 * An object that means something also when nothing is in it. Without this, server-side apply makes
 * null of one that was applied and is then empty, which is refused.
 */
export function wholeObject<T extends z.ZodType>(object: T): T {
  return object.meta({ ...object.meta(), "x-kubernetes-map-type": "atomic" });
}

/** The field is still read as it always was, or ignored; `instead` says what to do. */
export function deprecated(instead: string) {
  return { deprecated: true, [INSTEAD]: instead } as const;
}

/** The metadata field under which {@link kubernetesSchema} leaves the name. */
export const EMBED = "x-embed-kubernetes-schema";

/** The metadata field for what a text that does not match its pattern should be instead. */
export const FORM = "x-form";

/** The metadata field for what to use instead of a deprecated field. */
export const INSTEAD = "x-instead";
