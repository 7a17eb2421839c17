// From a resource to its server: a connection, or what the condition ServerReady says instead.
//
// None of it is tried again by whoever asks: the connections tell when a server can be asked
// again, and the caches when there is another one, it lets somebody else in, or its pause ends.

import type { DittoServer } from "../../api/dittoserver.ts";
import { ServerUnreachableError } from "../../dittofs/errors.ts";
import type { Cache } from "../../kube/cache.ts";
import { messageOf } from "../../kube/errors.ts";
import { type Key, splitKey } from "../../kube/object.ts";
import { paused } from "../dittoserver/paused.ts";
import type { Connection, Connections } from "../connections/connections.ts";
import {
  ClientCertificateMissingError,
  LoginRefusedError,
  NotServingError,
} from "../connections/errors.ts";
import type { Problem } from "./problem.ts";
import { follow, type OnServer, serverKeyOf } from "./server_ref.ts";

/** Why a server cannot be worked with: a reason of the condition ServerReady. */
export type UnreachedReason =
  | "ServerNotFound"
  | "NamespaceNotAllowed"
  | "ServerNotRunning"
  | "ServerStopped"
  | "ServerPaused"
  | "Unreachable"
  | "LoginRefused";

/** The problem that it is. */
export type Unreached = Problem<"ServerReady", UnreachedReason>;

/** Where a server is found. */
export interface Reaching {
  readonly servers: Pick<Cache<DittoServer>, "get">;
  readonly connections: Pick<Connections, "open">;
}

/** The connection to a resource's server, or why there is none. */
export async function reach(
  { servers, connections }: Reaching,
  resource: OnServer,
): Promise<{ readonly connection: Connection } | { readonly problem: Unreached }> {
  const key = serverKeyOf(resource);
  const lead = follow(resource, servers);
  if (lead.to === "nothing") return { problem: notFound(key) };
  if (lead.to === "closed") return { problem: closed(key, resource) };
  try {
    const connection = await connections.open(key);
    // Somebody may have paused it while it was opened.
    const pause = pauseOf(resource, servers);
    return pause ? { problem: pause } : { connection };
  } catch (error) {
    return { problem: unreachedBy(key, error) };
  }
}

/**
 * That nothing may be changed on a resource's server at present, because somebody has asked the
 * operator to keep its hands off it; undefined if that is not so.
 */
export function pauseOf(
  resource: OnServer,
  servers: Reaching["servers"],
): Unreached | undefined {
  const lead = follow(resource, servers);
  if (lead.to === "nothing" || !paused(lead.resource)) return undefined;
  const message = `DittoServer "${
    serverKeyOf(resource)
  }" is paused: nothing is changed on it until the pause ends`;
  return unreached("ServerPaused", message);
}

/** The problem that an error is which says that the server cannot be asked; others are thrown. */
export function unreachedBy(key: Key, error: unknown): Unreached {
  const message = messageOf(error);
  if (error instanceof NotServingError) {
    switch (error.reason) {
      case "NotFound":
      case "BeingDeleted":
        return notFound(key);
      case "Stopped":
        return unreached("ServerStopped", message);
      case "InvalidSpec":
      case "NotReady":
        return unreached("ServerNotRunning", `Waiting for DittoServer "${key}": ${message}`);
    }
  }
  if (error instanceof ServerUnreachableError) {
    return unreached("Unreachable", `DittoServer "${key}" does not answer: ${message}`);
  }
  if (error instanceof LoginRefusedError || error instanceof ClientCertificateMissingError) {
    return unreached("LoginRefused", `DittoServer "${key}": ${message}`, true);
  }
  throw error;
}

/** It may come with the same `kubectl apply`, so nobody is called to act. */
function notFound(key: Key): Unreached {
  return unreached("ServerNotFound", `DittoServer "${key}" does not exist, or is being deleted`);
}

function closed(key: Key, { metadata }: OnServer): Unreached {
  const { namespace, name } = splitKey(key);
  const message = `DittoServer "${name}" in namespace "${namespace}" does not let namespace "${
    metadata?.namespace ?? ""
  }" in; add it to its spec.allowedNamespaces`;
  return unreached("NamespaceNotAllowed", message, true);
}

function unreached(reason: UnreachedReason, message: string, stalled = false): Unreached {
  return { aspect: "ServerReady", reason, message, stalled };
}
