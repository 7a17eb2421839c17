// What the pod consumes, input by input: so that it can be said why it is replaced.
//
// The rollout hash says that something changed. The inputs say what. They are kept as an
// annotation on the StatefulSet, not on the pod template, and decide nothing.
//
// Whoever may read StatefulSets may not read Secrets, and a bare digest of a password can be
// tried out at leisure. So the digests of Secrets are mixed with that of the JWT key, which is
// random. The rollout hash is safe for the same reason.

import * as z from "zod";
import type { PodTemplateSpec } from "../../api/kubernetes/types.ts";
import { digestOf } from "../../kube/digest.ts";
import { CONFIG_HASH_ANNOTATION, CONTAINER, RESTARTED_FOR_ANNOTATION } from "./names.ts";
import { JWT_FIELD, OWN_JWT, type SecretUse } from "./references/secret_uses.ts";

/** Where the inputs of the pod template are kept, on the StatefulSet, as JSON. */
export const ROLLOUT_INPUTS_ANNOTATION = "dittofs.dittofs.com/rollout-inputs";

const secretInput = z.object({ secret: z.string(), digest: z.string() });

const rolloutInputsSchema = z.object({
  image: z.string(),
  configuration: z.string(),
  /** Everything else that the pod template says. */
  pod: z.string(),
  /** By the field that names the Secret, as in {@link SecretUse}. */
  secrets: z.record(z.string(), secretInput),
  /** UID of the last pod that was replaced for settings of the database. */
  restartedFor: z.string().optional(),
});

/** The inputs of a pod template. */
export type RolloutInputs = z.output<typeof rolloutInputsSchema>;

/** What the inputs are made of. */
export interface RolloutSources {
  readonly template: PodTemplateSpec;
  /** What the pod consumes of the configuration file. */
  readonly config: string;
  readonly uses: readonly SecretUse[];
  /** As `resolve()` gives them. */
  readonly digests: Readonly<Record<string, string>>;
}

/** The inputs of a template. */
export function rolloutInputs(sources: RolloutSources): RolloutInputs {
  const { template, config, uses, digests } = sources;
  const restartedFor = template.metadata?.annotations?.[RESTARTED_FOR_ANNOTATION];
  const salt = digests[JWT_FIELD] ?? digests[OWN_JWT];
  const secrets: RolloutInputs["secrets"] = {};
  for (const { field, secret } of uses) {
    const digest = digests[field];
    if (salt === undefined || digest === undefined) continue;
    secrets[field] = { secret, digest: short({ salt, field, digest }) };
  }
  return {
    image: template.spec?.containers.find(isServer)?.image ?? "",
    configuration: short(config),
    pod: short(withoutInputs(template)),
    secrets,
    ...(restartedFor !== undefined && { restartedFor }),
  };
}

/** Reads the annotation; undefined if there is none, or one of another version. */
export function readRolloutInputs(annotation: string | undefined): RolloutInputs | undefined {
  try {
    return rolloutInputsSchema.safeParse(JSON.parse(annotation ?? "")).data;
  } catch {
    return undefined;
  }
}

/** The template without what is an input of its own. */
function withoutInputs({ metadata, spec, ...rest }: PodTemplateSpec) {
  const {
    [CONFIG_HASH_ANNOTATION]: _hash,
    [RESTARTED_FOR_ANNOTATION]: _uid,
    ...annotations
  } = metadata?.annotations ?? {};
  const containers = spec?.containers.map((container) =>
    isServer(container) ? { ...container, image: "" } : container
  );
  return { ...rest, metadata: { ...metadata, annotations }, spec: { ...spec, containers } };
}

function isServer({ name }: { readonly name: string }): boolean {
  return name === CONTAINER;
}

/** Long enough to differ, short enough for an annotation. */
function short(value: unknown): string {
  return digestOf(value).slice(0, 16);
}
