// Is there a server to be asked? Seen in caches alone, so that asking for a connection to one of
// a thousand servers that do not run costs nothing.

import { wantedReplicas } from "../dittoserver/stateful_set.ts";
import type { ServerKinds } from "../dittoserver/kinds.ts";
import { InvalidSpecError, readServer, type Server } from "../dittoserver/server.ts";
import { servingPodUid } from "../dittoserver/server_kinds.ts";
import type { DittoServer } from "../../api/dittoserver.ts";
import type { Key, Live } from "../../kube/object.ts";
import { NotServingError } from "./errors.ts";

/** A server whose pod answers its readiness probe. */
export interface Serving {
  readonly resource: Live<DittoServer>;
  readonly server: Server;
  /** Of the pod that answers. */
  readonly podUid: string;
}

/**
 * The server of a key, if its pod serves.
 *
 * @throws {NotServingError} if it does not
 */
export function servingServer(kinds: Pick<ServerKinds, "servers" | "pods">, key: Key): Serving {
  const resource = kinds.servers.cache.get(key);
  if (!resource) throw new NotServingError("NotFound", `DittoServer "${key}" does not exist`);
  if (resource.metadata.deletionTimestamp) {
    throw new NotServingError("BeingDeleted", `DittoServer "${key}" is being deleted`);
  }
  const server = read(resource, key);
  // One that is to stop serves until it does, and may have uploads to finish.
  const podUid = servingPodUid(kinds, server);
  if (podUid === undefined) {
    if (wantedReplicas(server.spec) === 0) {
      throw new NotServingError("Stopped", `DittoServer "${key}" is stopped`);
    }
    throw new NotServingError("NotReady", `pod ${server.names.pod} is not ready`);
  }
  return { resource, server, podUid };
}

function read(resource: Live<DittoServer>, key: Key): Server {
  try {
    return readServer(resource);
  } catch (error) {
    if (!(error instanceof InvalidSpecError)) throw error;
    throw new NotServingError("InvalidSpec", `DittoServer "${key}": ${error.message}`);
  }
}
