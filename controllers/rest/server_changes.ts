// What of a server concerns the resources that are about it.
//
// Its status changes all the time, and its spec says much that is of no account to a share or an
// account. What counts is whether there is one, whether it is going or paused, and whom it lets in.
// That it can be asked again is what its connection says; and from time to time it is compared
// with what should be, for a server has no watch.

import type { DittoServer } from "../../api/dittoserver.ts";
import type { Trigger } from "../../kube/controller.ts";
import { same } from "../../kube/covers.ts";
import { type Key, keyOf, type KubernetesObject, type Live } from "../../kube/object.ts";
import type { Related } from "../../kube/relations.ts";
import type { AnyTracked, Tracked } from "../../kube/tracked.ts";
import type { Connections } from "../connections/connections.ts";
import { paused } from "../dittoserver/paused.ts";

/** The keys of the resources that are about a server. */
export type AboutServer = (serverKey: Key) => Iterable<Key>;

/** Relates servers to the resources that are about them; `also` is what else counts of a server. */
export function relatedServers(
  servers: Tracked<DittoServer>,
  about: AboutServer,
  also: (server: Live<DittoServer>) => unknown = () => null,
): Related {
  const concerns = (server: Live<DittoServer>) => [
    server.metadata.uid,
    server.metadata.deletionTimestamp ?? "",
    server.spec.allowedNamespaces ?? [],
    paused(server),
    also(server),
  ];
  return relatedBy(servers, concerns, (server) => about(keyOf(server)));
}

/**
 * Relates a kind to those whom a change of a part of its objects concerns. What is there at the
 * start is no change: each resource has a first look of its own.
 */
export function relatedBy<S extends KubernetesObject>(
  tracked: AnyTracked<S>,
  concerns: (object: Live<S>) => unknown,
  keysOf: (object: Live<S>) => Iterable<Key>,
): Related {
  return {
    tracked,
    listen: (look) =>
      tracked.cache.onChange(({ old, now, initial }) => {
        if (initial || same(old && concerns(old), now && concerns(now))) return;
        const keys = new Set<Key>(old && keysOf(old));
        for (const key of now ? keysOf(now) : []) keys.add(key);
        for (const key of keys) look(key, "background");
      }),
  };
}

/**
 * Looks when a server can be asked again or not any more, and when it is to be compared. What was
 * known of the server is then forgotten by `forget`.
 */
export function connectionTrigger(
  connections: Pick<Connections, "onChange" | "onCheck">,
  about: AboutServer,
  forget: (serverKey: Key) => void = () => {},
): Trigger {
  return {
    listen: (look) => {
      const lookAtAll = (serverKey: Key) => {
        forget(serverKey);
        for (const each of about(serverKey)) look(each, "background");
      };
      connections.onChange(lookAtAll);
      connections.onCheck(lookAtAll);
    },
  };
}
