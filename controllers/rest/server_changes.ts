// What of a server concerns the resources that are about it.
//
// Its status changes all the time, and its spec says much that is of no account to a share or an
// account. What counts is whether there is one, whether it is going, and whom it lets in. That it
// can be asked again is what its connection says; and from time to time it is compared with what
// should be, for a server has no watch.

import type { DittoServer } from "../../api/dittoserver.ts";
import type { Trigger } from "../../kube/controller.ts";
import { same } from "../../kube/covers.ts";
import type { Key, Live } from "../../kube/object.ts";
import type { Related } from "../../kube/relations.ts";
import type { Tracked } from "../../kube/tracked.ts";
import type { Connections } from "../connections/connections.ts";

/** The keys of the resources that are about a server. */
export type AboutServer = (serverKey: Key) => Iterable<Key>;

/** Relates servers to the resources that are about them. */
export function relatedServers(servers: Tracked<DittoServer>, about: AboutServer): Related {
  return {
    tracked: servers,
    listen: (look) =>
      servers.cache.onChange(({ key, old, now, initial }) => {
        // Each resource has a first look of its own.
        if (initial || same(concerns(old), concerns(now))) return;
        for (const each of about(key)) look(each, "background");
      }),
  };
}

function concerns(server: Live<DittoServer> | undefined) {
  return server && [
    server.metadata.uid,
    server.metadata.deletionTimestamp ?? "",
    server.spec.allowedNamespaces ?? [],
  ];
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
