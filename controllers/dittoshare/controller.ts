// Declares the DittoShare controller: what it watches, and what it does.

import type { Secret } from "../../api/kubernetes/types.ts";
import type { Api } from "../../kube/api.ts";
import { Writer } from "../../kube/apply.ts";
import type { Clock, Random } from "../../kube/clock.ts";
import { Controller, EDIT_WORKERS, specConcerns, type Trigger } from "../../kube/controller.ts";
import { type EventRecorder, events as eventResource } from "../../kube/events.ts";
import type { Logger } from "../../kube/log.ts";
import type { Metrics } from "../../kube/metrics.ts";
import type { Key } from "../../kube/object.ts";
import { joined, type Permission, permissionsOf } from "../../kube/permissions.ts";
import type { References } from "../../kube/references.ts";
import { Conflicts } from "../conflicts.ts";
import type { Connections } from "../connections/connections.ts";
import { APPLIED_ANNOTATION, OPERATOR } from "../dittoserver/names.ts";
import type { SecretFacts } from "../dittoserver/references/secret_facts.ts";
import { jobs } from "../kinds.ts";
import { connectionTrigger } from "../rest/server_changes.ts";
import { bucketController } from "./bucket_controller.ts";
import { Buckets } from "./buckets.ts";
import { reconcileShare } from "./reconcile.ts";
import { type Neighbours, shareRelations, type ShareWatches, shareWatches } from "./share_kinds.ts";

/** The controller in logs and metrics. */
const NAME = "dittoshare";

/**
 * Shares worked on at the same time. A share whose bucket does not answer keeps its worker for a
 * minute, and must not hold up the others.
 */
const WORKERS = 64;

/** What the controller is given. */
export interface DittoShareControllerOptions {
  readonly api: Api;
  readonly events: Pick<EventRecorder, "publish">;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly metrics: Pick<Metrics, "controller" | "queue">;
  /** What others watch. */
  readonly neighbours: Neighbours;
  readonly secretFacts: Pick<References<Secret, SecretFacts>, "get">;
  readonly connections: Pick<Connections, "open" | "onChange" | "onCheck">;
  /** What else than watches can say that a key needs a look. @default nothing */
  readonly triggers?: readonly Trigger[];
  /**
   * Has everything on a server be compared at once that is in the server's own spec.
   * @default nothing
   */
  readonly hurryServer?: (serverKey: Key) => void;
  /** Is told the kind of what somebody has changed on a server against our spec. */
  readonly drifted: (kind: string) => void;
}

/** The controller, the one that looks at its buckets, and the watches that they live on. */
export function dittoShareController(
  watches: ShareWatches,
  options: DittoShareControllerOptions,
) {
  const { api, events, clock, random, metrics, neighbours, secretFacts, connections } = options;
  const { kinds, sharesOn, watched } = watches;
  const writer = new Writer(api, {
    fieldManager: OPERATOR,
    digestAnnotation: APPLIED_ANNOTATION,
  });
  const warmJobs = new Map<string, string>();
  const conflicts = new Conflicts(clock);
  const buckets = new Buckets({
    ...{ shares: kinds.shares.cache, servers: neighbours.servers.servers.cache, connections },
    ...{ clock, random },
  });
  const controller = new Controller({
    ...options,
    name: NAME,
    primary: kinds.shares,
    concerns: specConcerns,
    owned: [kinds.claims],
    related: shareRelations(watches, neighbours),
    triggers: [
      connectionTrigger(connections, sharesOn),
      buckets.changed,
      ...options.triggers ?? [],
    ],
    workers: WORKERS,
    observer: metrics.controller(NAME, WORKERS + EDIT_WORKERS),
    reconcile: async (key) => {
      const session = writer.session();
      const context = {
        ...{ kinds, connections, api, secretFacts, events, clock, conflicts, warmJobs, buckets },
        servers: neighbours.servers,
        writer: session,
        drifted: () => options.drifted("DittoShare"),
        hurryServer: options.hurryServer ?? (() => {}),
      };
      const outcome = await reconcileShare(context, key);
      return { ...outcome, writes: session.writes };
    },
  });
  metrics.queue(NAME, controller.queue);
  return {
    controller,
    bucketController: bucketController(kinds.shares, buckets, options),
    watched,
  };
}

/** What the controller may do, beside what the neighbours' own controllers may. */
export function dittoSharePermissions(neighbours: Neighbours): readonly Permission[] {
  const watches = shareWatches();
  return joined([
    ...permissionsOf(
      watches.kinds.shares,
      [watches.kinds.claims],
      shareRelations(watches, neighbours),
    ),
    // The one that removes files is looked at by its name.
    { resource: jobs, verbs: ["get", "create"] },
    { resource: eventResource, verbs: ["create", "patch"] },
  ]);
}
