// Cuts out of an API server's OpenAPI v3 documents what the operator's kinds need.
//
// The documents are megabytes; the snapshot in api/kubernetes/openapi.json holds the schemas
// that the kinds below reach, so that types can be generated without a server at hand.

/** The kinds for which there are types, by the document that describes them. */
export const KINDS: Readonly<Record<string, readonly string[]>> = {
  "api/v1": [
    "ConfigMap",
    "Secret",
    "Service",
    "ServiceAccount",
    "Namespace",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "Pod",
  ],
  "apis/apps/v1": ["StatefulSet", "Deployment", "ControllerRevision"],
  "apis/batch/v1": ["Job"],
  "apis/networking.k8s.io/v1": ["NetworkPolicy"],
  "apis/policy/v1": ["PodDisruptionBudget"],
  "apis/storage.k8s.io/v1": ["StorageClass"],
  "apis/rbac.authorization.k8s.io/v1": [
    "ClusterRole",
    "ClusterRoleBinding",
    "Role",
    "RoleBinding",
  ],
  "apis/apiextensions.k8s.io/v1": ["CustomResourceDefinition"],
  "apis/events.k8s.io/v1": ["Event"],
};

/** A schema of OpenAPI v3, as far as Kubernetes uses it. */
export interface Schema {
  readonly description?: string;
  readonly type?: string;
  readonly format?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly additionalProperties?: Schema | boolean;
  readonly allOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly $ref?: string;
  readonly enum?: readonly unknown[];
  readonly "x-kubernetes-group-version-kind"?: readonly {
    readonly group: string;
    readonly version: string;
    readonly kind: string;
  }[];
  readonly "x-kubernetes-list-type"?: string;
  readonly "x-kubernetes-list-map-keys"?: readonly string[];
  readonly "x-kubernetes-map-type"?: string;
}

/** Schemas by their full name, such as `io.k8s.api.core.v1.ConfigMap`. */
export type Schemas = Readonly<Record<string, Schema>>;

interface OpenApiDocument {
  readonly components?: { readonly schemas?: Schemas };
}

/** The schemas that {@link KINDS} reach, sorted, with shortened descriptions. */
export async function snapshot(
  read: (document: string) => Promise<OpenApiDocument>,
): Promise<Schemas> {
  const found = new Map<string, Schema>();
  for (const [document, kinds] of Object.entries(KINDS)) {
    const schemas = (await read(document)).components?.schemas ?? {};
    for (const kind of kinds) {
      const name = Object.keys(schemas).find((candidate) => candidate.endsWith(`.${kind}`));
      if (!name) throw new Error(`${document} has no ${kind}`);
      collect(name, schemas, found);
    }
  }
  return Object.fromEntries([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The full name that a `$ref` points to. */
export function refName(ref: string): string {
  return ref.slice(ref.lastIndexOf("/") + 1);
}

function collect(name: string, schemas: Schemas, found: Map<string, Schema>): void {
  if (found.has(name)) return;
  const schema = schemas[name];
  if (!schema) throw new Error(`no schema ${name}`);
  found.set(name, pruned(schema));
  for (const ref of refsOf(schema)) collect(refName(ref), schemas, found);
}

function* refsOf(value: unknown): Generator<string> {
  if (typeof value !== "object" || value === null) return;
  for (const [field, content] of Object.entries(value)) {
    if (field === "$ref" && typeof content === "string") yield content;
    else yield* refsOf(content);
  }
}

const DROPPED = new Set(["default", "x-kubernetes-patch-strategy", "x-kubernetes-patch-merge-key"]);

function pruned(schema: Schema): Schema {
  const prune = (value: unknown, isSchema: boolean): unknown => {
    if (Array.isArray(value)) return value.map((element) => prune(element, isSchema));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .filter(([field]) => !(isSchema && DROPPED.has(field)))
        .map(([field, content]) =>
          isSchema && field === "description" && typeof content === "string"
            ? [field, firstSentence(content)]
            : [field, prune(content, field !== "properties")]
        ),
    );
  };
  return prune(schema, true) as Schema;
}

function firstSentence(text: string): string {
  const line = text.split("\n", 1)[0] ?? "";
  const end = /\.(\s|$)/.exec(line);
  return end ? line.slice(0, end.index + 1) : line;
}
