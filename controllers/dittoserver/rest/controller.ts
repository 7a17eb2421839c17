// Declares the second controller of DittoServers, which sees to what is behind their REST API.
//
// It is one of its own so that a server that answers slowly never holds a worker of the one that
// makes pods. Most of its workers wait for servers, so it has many.

import type { DittoServer } from "../../../api/dittoserver.ts";
import { Controller, EDIT_WORKERS, type Trigger } from "../../../kube/controller.ts";
import type { Logger } from "../../../kube/log.ts";
import type { Metrics } from "../../../kube/metrics.ts";
import type { Key, KubernetesObject } from "../../../kube/object.ts";
import { related } from "../../../kube/relations.ts";
import { Signal } from "../../../kube/signal.ts";
import { serverOf, type ServerWatches } from "../server_kinds.ts";
import type { RestContext } from "./context.ts";
import { reconcileRest } from "./reconcile.ts";

/** The controller in logs and metrics. */
const NAME = "dittoserver-rest";

const WORKERS = 64;

/** What the controller is given. */
export interface RestControllerOptions {
  readonly watches: ServerWatches;
  /** Without the writer, which each reconcile has of its own. */
  readonly context: RestContext;
  readonly log: Logger;
  readonly metrics: Metrics;
}

/** The controller, and a way to have it look at a server at once. */
export interface RestController {
  readonly controller: Controller<DittoServer>;
  /** Something has changed that decides about what is on a server. */
  readonly hurry: (serverKey: Key) => void;
  /** The status says now what is about to be done. */
  readonly noted: Signal;
}

/** The controller of what is behind the REST API of servers. */
export function restController(options: RestControllerOptions): RestController {
  const { watches, context, log, metrics } = options;
  const { kinds, references, secretReaders } = watches;
  const { clock, random, looks, connections } = context;
  const servers = kinds.servers.cache;
  const [hurried, noted] = [new Signal(), new Signal()];
  const forget = (key: Key) => {
    const uid = servers.get(key)?.metadata.uid;
    if (uid !== undefined) looks.hurry(uid);
  };
  const hurry = (key: Key) => {
    forget(key);
    hurried.tell(key, "background");
  };
  // What a Secret holds is not part of what is compared: who changes one wants a look.
  const onSecret = (keysOf: (secret: KubernetesObject) => Iterable<Key>) =>
    function* (secret: KubernetesObject) {
      for (const key of keysOf(secret)) {
        forget(key);
        yield key;
      }
    };
  connections.onChange(hurry);
  servers.onChange(({ old, now }) => {
    if (!old || now) return;
    looks.forget(old.metadata.uid);
    context.findings.forget(old.metadata.uid);
  });
  const triggers: readonly Trigger[] = [hurried, noted];
  const controller = new Controller({
    ...{ clock, random, log, triggers, name: NAME, workers: WORKERS, owned: [] },
    primary: kinds.servers,
    // A server that runs has its slow check, and one that does not costs nothing.
    recheckMs: Infinity,
    related: [
      related(kinds.pods, serverOf),
      related(kinds.secrets, onSecret(serverOf), "user"),
      related(references, onSecret(secretReaders), "user"),
    ],
    observer: metrics.controller(NAME, WORKERS + EDIT_WORKERS),
    reconcile: async (key, log) => {
      const writer = context.writer.session();
      const outcome = await reconcileRest({ ...context, writer }, key, log);
      return { ...outcome, writes: writer.writes };
    },
  });
  metrics.queue(NAME, controller.queue);
  return { controller, hurry, noted };
}
