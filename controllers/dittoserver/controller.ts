// Declares the DittoServer controller: what it watches, and what it does.

import { Writer } from "../../kube/apply.ts";
import type { Api } from "../../kube/api.ts";
import { Cache } from "../../kube/cache.ts";
import type { Clock, Random } from "../../kube/clock.ts";
import { Controller, DEFAULT_WORKERS, EDIT_WORKERS } from "../../kube/controller.ts";
import { type EventRecorder, events as eventResource } from "../../kube/events.ts";
import type { Logger } from "../../kube/log.ts";
import type { Metrics } from "../../kube/metrics.ts";
import { type Permission, permissionsOf } from "../../kube/permissions.ts";
import type { Watched } from "../../kube/program.ts";
import { configMaps, dittoServers, secrets, services, statefulSets } from "../kinds.ts";
import { APPLIED_ANNOTATION, CHILD_SELECTOR, OPERATOR } from "./names.ts";
import { reconcileServer, type ServerKinds } from "./reconcile.ts";
import { digestSecret, type RandomBytes } from "./secrets.ts";

/** The controller in logs and metrics. */
const NAME = "dittoserver";

/** What the controller is given. */
export interface DittoServerControllerOptions {
  readonly api: Api;
  readonly events: Pick<EventRecorder, "publish">;
  readonly clock: Clock;
  readonly random: Random;
  readonly randomBytes: RandomBytes;
  readonly log: Logger;
  readonly metrics: Metrics;
}

/** The controller, and the watches that it lives on. */
export function dittoServerController(options: DittoServerControllerOptions) {
  const { api, events, clock, randomBytes, metrics } = options;
  const { kinds, primary, owned } = serverKinds();
  const writer = new Writer(api, { fieldManager: OPERATOR, digestAnnotation: APPLIED_ANNOTATION });
  const controller = new Controller({
    ...options,
    name: NAME,
    primary,
    owned,
    observer: metrics.controller(NAME, DEFAULT_WORKERS + EDIT_WORKERS),
    reconcile: async (key) => {
      const session = writer.session();
      const context = { kinds, writer: session, events, clock, randomBytes };
      const outcome = await reconcileServer(context, key);
      return { ...outcome, writes: session.writes };
    },
  });
  metrics.queue(NAME, controller.queue);
  const watched: Watched[] = [
    { tracked: primary },
    ...owned.map((tracked) => ({ tracked, labelSelector: CHILD_SELECTOR })),
  ];
  return { controller, watched };
}

/** What the controller may do. */
export function dittoServerPermissions(): readonly Permission[] {
  const { primary, owned } = serverKinds();
  return [
    ...permissionsOf(primary, owned),
    { resource: eventResource, verbs: ["create", "patch"] },
  ];
}

function serverKinds() {
  const kinds: ServerKinds = {
    servers: { resource: dittoServers, cache: new Cache(), use: "watch" },
    configMaps: { resource: configMaps, cache: new Cache(), use: "apply" },
    secrets: { resource: secrets, cache: new Cache({ keep: digestSecret }), use: "create" },
    services: { resource: services, cache: new Cache(), use: "apply" },
    statefulSets: { resource: statefulSets, cache: new Cache(), use: "apply" },
  };
  const { servers: primary, ...children } = kinds;
  return { kinds, primary, owned: Object.values(children) };
}
