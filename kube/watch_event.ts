// The lines of a watch, as the API server sends them.

import { ApiError, ProtocolError } from "./errors.ts";
import type { KubernetesObject, Live } from "./object.ts";

/** The bookmark that ends the initial events of a WatchList stream. */
const INITIAL_EVENTS_END = "k8s.io/initial-events-end";

/** One line of a watch. */
export interface RawEvent<T extends KubernetesObject> {
  readonly type: string;
  readonly object: Live<T>;
}

/** Checks what every event must have; an ERROR event is the failure that it carries. */
export function checked<T extends KubernetesObject>(line: unknown): RawEvent<T> {
  const event = line as Partial<RawEvent<T>> & { kind?: string } | null;
  if (event?.kind === "Status") throw new ApiError(event as object);
  if (event?.type === "ERROR") throw new ApiError(event.object ?? {});
  if (!event?.type || !event.object?.metadata?.resourceVersion) {
    throw new ProtocolError("a line of the watch is not an event");
  }
  return event as RawEvent<T>;
}

/** The server's history is behind ours, as after a restore of its database. */
export function isVersionTooLarge(error: unknown): boolean {
  return error instanceof ApiError &&
    (error.status.details?.causes?.some((c) => c.reason === "ResourceVersionTooLarge") ?? false);
}

export function isInitialEnd(event: RawEvent<KubernetesObject>): boolean {
  return event.type === "BOOKMARK" &&
    event.object.metadata.annotations?.[INITIAL_EVENTS_END] === "true";
}
