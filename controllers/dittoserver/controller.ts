// Declares the DittoServer controller: what it watches, and what it does.

import { Writer } from "../../kube/apply.ts";
import type { Api } from "../../kube/api.ts";
import { type Clock, type Random, systemClock } from "../../kube/clock.ts";
import { Controller, DEFAULT_WORKERS, EDIT_WORKERS } from "../../kube/controller.ts";
import { type EventRecorder, events as eventResource } from "../../kube/events.ts";
import type { Logger } from "../../kube/log.ts";
import type { Metrics } from "../../kube/metrics.ts";
import { joined, type Permission, permissionsOf } from "../../kube/permissions.ts";
import { References } from "../../kube/references.ts";
import { ServedKinds } from "../../kube/served.ts";
import { APPLIED_ANNOTATION, OPERATOR } from "./names.ts";
import { reconcileServer } from "./reconcile.ts";
import { factsOf } from "./references/secret_facts.ts";
import { Changes } from "./rollout.ts";
import type { RandomBytes } from "./secrets.ts";
import { serverWatches } from "./server_kinds.ts";
import { STORAGE_PERMISSIONS } from "./storage/kinds.ts";

/** The controller in logs and metrics. */
const NAME = "dittoserver";

/** The field managers under which the Go operator wrote. */
const GO_OPERATOR = ["manager", "dittofs-operator"];

/** What the controller is given. */
export interface DittoServerControllerOptions {
  readonly api: Api;
  readonly events: Pick<EventRecorder, "publish">;
  readonly clock: Clock;
  readonly random: Random;
  readonly randomBytes: RandomBytes;
  readonly log: Logger;
  readonly metrics: Metrics;
  /** Where the operator runs; undefined outside of the cluster. */
  readonly operatorNamespace: string | undefined;
}

/** The controller, and the watches that it lives on. */
export function dittoServerController(options: DittoServerControllerOptions) {
  const { api, events, clock, randomBytes, metrics, operatorNamespace } = options;
  const served = new ServedKinds(clock);
  const { kinds, references, owned, relations, watched } = serverWatches(served);
  const writer = new Writer(api, {
    fieldManager: OPERATOR,
    digestAnnotation: APPLIED_ANNOTATION,
    formerManagers: GO_OPERATOR,
  });
  const secretFacts = new References(api, references, factsOf);
  const changes = new Changes();
  const controller = new Controller({
    ...options,
    name: NAME,
    primary: kinds.servers,
    owned,
    related: relations,
    observer: metrics.controller(NAME, DEFAULT_WORKERS + EDIT_WORKERS),
    reconcile: async (key) => {
      const session = writer.session();
      const context = {
        ...{ kinds, api, secretFacts, events, clock, randomBytes, changes, operatorNamespace },
        writer: session,
        isServed: served.isServed.bind(served),
      };
      const outcome = await reconcileServer(context, key);
      return { ...outcome, writes: session.writes };
    },
  });
  metrics.queue(NAME, controller.queue);
  return { controller, watched };
}

/** What the controller may do. */
export function dittoServerPermissions(): readonly Permission[] {
  const served = new ServedKinds(systemClock);
  const { kinds, owned, relations } = serverWatches(served);
  return joined([
    ...permissionsOf(kinds.servers, owned, relations),
    ...STORAGE_PERMISSIONS,
    { resource: eventResource, verbs: ["create", "patch"] },
  ]);
}
