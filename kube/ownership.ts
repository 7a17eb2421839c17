// Whose an object is: we touch what our owner controls, and nothing else.

import { ApiError, type Classified } from "./errors.ts";
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

/** Throws {@link NotOursError} unless `owner` controls the object. */
export function mustBeOurs(
  live: Live<KubernetesObject>,
  owner: OwnerReference | undefined,
  kind: string,
): void {
  if (owner === undefined) return;
  const actual = controllerOf(live);
  if (actual?.uid === owner.uid) return;
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
