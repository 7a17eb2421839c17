// Why a pod is replaced, in words for `status.rollout`.

import type { RolloutInputs } from "./rollout_inputs.ts";
import { JWT_FIELD, OWN_JWT } from "./references/secret_uses.ts";

/** Bounds of `status.rollout.reasons` in the schema. */
const REASONS_AT_MOST = 32;
const REASON_LENGTH = 256;

/**
 * What changed from one template to the next, in the order of the template. `before` is
 * undefined where it is not known what the pod ran with.
 */
export function rolloutReasons(before: RolloutInputs | undefined, now: RolloutInputs): string[] {
  if (!before) return ["the running pod was made by another operator, or another version of it"];
  const reasons = [
    ...(before.image === now.image ? [] : [imageReason(before.image, now.image)]),
    ...(before.configuration === now.configuration ? [] : ["configuration"]),
    ...(before.pod === now.pod ? [] : ["settings of the pod"]),
    ...secretReasons(before, now),
    ...(before.restartedFor === now.restartedFor ? [] : ["settings of identity providers"]),
  ];
  return reasons.slice(0, REASONS_AT_MOST).map(clip);
}

function secretReasons(before: RolloutInputs, now: RolloutInputs): string[] {
  // The digests are mixed with that of the JWT key: with another one they say nothing.
  const comparable = jwtDigest(before) === jwtDigest(now);
  const reasons: string[] = [];
  for (const [field, { secret, digest }] of Object.entries(now.secrets)) {
    const old = before.secrets[field];
    const isJwt = field === JWT_FIELD || field === OWN_JWT;
    const changed = old?.secret !== secret || ((comparable || isJwt) && old.digest !== digest);
    if (changed) reasons.push(secretReason(secret, field));
  }
  for (const [field, { secret }] of Object.entries(before.secrets)) {
    if (!now.secrets[field]) reasons.push(`${secretReason(secret, field)} is not used any more`);
  }
  return reasons;
}

function jwtDigest({ secrets }: RolloutInputs): string | undefined {
  return (secrets[JWT_FIELD] ?? secrets[OWN_JWT])?.digest;
}

function secretReason(secret: string, field: string): string {
  return field.startsWith("spec.") ? `Secret ${secret} (${field})` : `Secret ${secret}`;
}

/** The new image without its name where only the tag differs. */
function imageReason(before: string, now: string): string {
  const [repository, tag] = split(now);
  const same = repository === split(before)[0];
  return `image ${before} → ${same ? tag : now}`;
}

/** Name, and tag or digest. A colon before the last slash is that of the registry's port. */
function split(image: string): readonly [name: string, version: string] {
  const at = image.indexOf("@");
  if (at >= 0) return [image.slice(0, at), image.slice(at + 1)];
  const colon = image.lastIndexOf(":");
  if (colon <= image.lastIndexOf("/")) return [image, "latest"];
  return [image.slice(0, colon), image.slice(colon + 1)];
}

function clip(reason: string): string {
  return reason.length <= REASON_LENGTH ? reason : `${reason.slice(0, REASON_LENGTH - 1)}…`;
}
