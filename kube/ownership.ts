// Whose an object is: we touch what our owner controls, and nothing else.

import { ApiError, type Classified } from "./errors.ts";
import { covers } from "./covers.ts";
import { controllerOf, type KubernetesObject, type Live, type OwnerReference } from "./object.ts";

/** An object of the name we need exists and belongs to somebody else. */
export class NotOursError extends Error implements Classified {
  override readonly name = "NotOursError";
  readonly errorClass = "invalid";

  constructor(readonly kind: string, readonly objectName: string, owner: string) {
    super(
      `${kind} "${objectName}" exists and is not managed by this operator (${owner}); ` +
        `it is left as it is. Rename or delete it to go on`,
    );
  }
}

/** Labels of an object of ours that has no owner, or outlives it, by which we know it. */
export type HeirloomLabels = Readonly<Record<string, string>>;

/**
 * Throws {@link NotOursError} unless `owner` controls the object, or nobody does and it has the
 * labels of an heirloom. Without an owner and such labels everything is ours.
 */
export function mustBeOurs(
  live: Live<KubernetesObject>,
  owner: OwnerReference | undefined,
  kind: string,
  heirloom?: HeirloomLabels,
): void {
  if (owner === undefined && heirloom === undefined) return;
  const actual = controllerOf(live);
  if (owner !== undefined && actual?.uid === owner.uid) return;
  if (!actual && heirloom && covers(live.metadata.labels ?? {}, heirloom)) return;
  const who = actual ? `its controller is ${actual.kind} "${actual.name}"` : "it has no controller";
  throw new NotOursError(kind, live.metadata.name, who);
}

/** The UID that we named is not that of the object: it has been deleted and made again. */
export function isAnotherObject(error: unknown): error is ApiError {
  return error instanceof ApiError &&
    (error.status.details?.causes?.some(({ field }) => field === "metadata.uid") ?? false);
}

/** An object of the name exists already. */
export function alreadyExists(error: unknown): boolean {
  return error instanceof ApiError && error.httpCode === 409;
}
