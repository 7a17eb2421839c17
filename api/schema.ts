// What a zod schema needs in addition to say everything that a CRD schema can say.
//
// zod passes the fields of `.meta()` into the JSON Schema that it writes; structural.ts gives
// those below their Kubernetes form.

import * as z from "zod";

/** A rule in the Common Expression Language, checked by the API server. */
export interface ValidationRule {
  readonly rule: string;
  /** What is wrong, with the field and the remedy. */
  readonly message: string;
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

/** The metadata field under which {@link kubernetesSchema} leaves the name. */
export const EMBED = "x-embed-kubernetes-schema";
