// From the definition of a resource to its CustomResourceDefinition.

import type * as z from "zod";
import { GROUP, VERSION } from "./group.ts";
import { jsonSchemaOf } from "./json_schema.ts";
import type { CustomResourceDefinition, JSONSchemaProps } from "./kubernetes/types.ts";
import { type KubernetesSchemas, structural } from "./structural.ts";

/** What a resource says about itself. */
export interface ResourceDefinition {
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  /** Object schema with `spec` and `status`. */
  readonly schema: z.ZodType;
  /** What `kubectl get` prints; those with a priority only with `-o wide`. */
  readonly columns: readonly {
    readonly name: string;
    readonly type: "integer" | "string" | "date";
    readonly jsonPath: string;
    readonly priority?: number;
  }[];
}

/** The fields that every resource has, with the words that kubectl has for them. */
const COMMON: Readonly<Record<string, JSONSchemaProps>> = {
  apiVersion: {
    type: "string",
    description: "The version of the schema that this object is written in.",
  },
  kind: { type: "string", description: "The kind of this object." },
  metadata: {
    type: "object",
    // Named here so that a rule can point to it.
    properties: { name: { type: "string", description: "The name, unique in its namespace." } },
  },
};

/** The CRD of a resource. `kubernetes` holds the schemas that it embeds. */
export function crd(
  definition: ResourceDefinition,
  kubernetes: KubernetesSchemas,
): CustomResourceDefinition {
  const { kind, plural, singular, shortNames, categories, columns } = definition;
  const schema = structural(jsonSchemaOf(definition.schema), kubernetes) as JSONSchemaProps;
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: {
      name: `${plural}.${GROUP}`,
      labels: { "app.kubernetes.io/part-of": "dittofs-operator" },
    },
    spec: {
      group: GROUP,
      names: { kind, plural, singular, listKind: `${kind}List`, shortNames, categories },
      scope: "Namespaced",
      versions: [{
        name: VERSION,
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: {
            ...schema,
            properties: { ...COMMON, ...schema.properties },
          },
        },
        subresources: { status: {} },
        additionalPrinterColumns: columns,
      }],
    },
  };
}
