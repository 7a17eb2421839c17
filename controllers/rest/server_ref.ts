// Which server a resource is about, and whether it may be.
//
// A resource of another namespace is let in by the server alone: otherwise whoever may write in
// one namespace could make shares and accounts on the servers of all.

import type { DittoServer } from "../../api/dittoserver.ts";
import type { Cache } from "../../kube/cache.ts";
import { type Key, type Live, makeKey, splitKey } from "../../kube/object.ts";

/** `spec.serverRef`. */
export interface ServerRef {
  readonly name: string;
  /** That of the resource, unless told. */
  readonly namespace?: string | undefined;
}

/** A resource that is about a server. */
export interface OnServer {
  readonly metadata?: { readonly namespace?: string };
  readonly spec: { readonly serverRef: ServerRef };
}

/** What a reference leads to. */
export type Lead =
  | { readonly to: "server"; readonly resource: Live<DittoServer> }
  /** There is no such server, or it is going: nothing on it has to be made or undone any more. */
  | { readonly to: "nothing" }
  /** There is one, and it does not let the namespace in. */
  | { readonly to: "closed"; readonly resource: Live<DittoServer> };

/** The key of the server that a resource is about. */
export function serverKeyOf({ metadata, spec: { serverRef } }: OnServer): Key {
  return makeKey(serverRef.namespace ?? metadata?.namespace, serverRef.name);
}

/** Follows a resource's reference. */
export function follow(
  resource: OnServer,
  servers: Pick<Cache<DittoServer>, "get">,
): Lead {
  const key = serverKeyOf(resource);
  const server = servers.get(key);
  if (!server || server.metadata.deletionTimestamp) return { to: "nothing" };
  const { namespace } = resource.metadata ?? {};
  const open = namespace === splitKey(key).namespace || letsIn(server, namespace);
  return { to: open ? "server" : "closed", resource: server };
}

function letsIn({ spec: { allowedNamespaces = [] } }: DittoServer, namespace = ""): boolean {
  return allowedNamespaces.some((allowed) => allowed === "*" || allowed === namespace);
}
