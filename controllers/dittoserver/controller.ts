// Declares the controllers of DittoServers: what they watch, and what they do.
//
// One makes what is in Kubernetes and writes the status; the other sees to what is behind the REST
// API (rest/controller.ts). They tell each other what they find out, and wait for nobody.

import { Writer } from "../../kube/apply.ts";
import type { Api } from "../../kube/api.ts";
import { type Clock, type Random, systemClock } from "../../kube/clock.ts";
import type { Secret } from "../../api/kubernetes/types.ts";
import {
  type AnyController,
  Controller,
  DEFAULT_WORKERS,
  EDIT_WORKERS,
} from "../../kube/controller.ts";
import { type EventRecorder, events as eventResource } from "../../kube/events.ts";
import type { Logger } from "../../kube/log.ts";
import type { Metrics } from "../../kube/metrics.ts";
import { joined, type Permission, permissionsOf } from "../../kube/permissions.ts";
import type { Key } from "../../kube/object.ts";
import type { Watched } from "../../kube/program.ts";
import { type Referenced, References } from "../../kube/references.ts";
import { ServedKinds } from "../../kube/served.ts";
import { Conflicts } from "../conflicts.ts";
import { Connections, type HttpFactory } from "../connections/connections.ts";
import type { ServerKinds } from "./kinds.ts";
import { APPLIED_ANNOTATION, OPERATOR } from "./names.ts";
import { reconcileServer } from "./reconcile.ts";
import { factsOf } from "./references/secret_facts.ts";
import type { RestContext } from "./rest/context.ts";
import { restController } from "./rest/controller.ts";
import { Departures } from "./rest/departures.ts";
import type { Dial } from "./rest/dial.ts";
import { AllFindings } from "./rest/findings.ts";
import { Looks } from "./rest/looks.ts";
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
  /** How servers are reached over HTTP. */
  readonly http: HttpFactory;
  /** How it is seen whether they listen for files. */
  readonly dial: Dial;
  /**
   * Whether a resource of its own says when snapshots of a share are made, by the share's name
   * without a slash. @default none does
   */
  readonly hasPolicyOfItsOwn?: RestContext["hasPolicyOfItsOwn"];
}

/** The controllers, the watches that they live on, and what others need to speak to servers. */
export interface DittoServerControllers {
  readonly controllers: readonly AnyController[];
  readonly watched: readonly Watched[];
  readonly connections: Connections;
  readonly kinds: ServerKinds;
  /** Every Secret by its identity. */
  readonly references: Referenced<Secret>;
  /** Counts, by its kind, what somebody has changed on a server against a spec. */
  readonly drifted: (kind: string) => void;
  /** Something has changed that decides about what is on a server. */
  readonly hurry: (serverKey: Key) => void;
  /** Ends what is under way with servers, which the controllers would wait for. */
  readonly close: () => void;
}

/** The controllers of DittoServers. */
export function dittoServerControllers(
  options: DittoServerControllerOptions,
): DittoServerControllers {
  const { api, events, clock, random, randomBytes, log, metrics, operatorNamespace } = options;
  const served = new ServedKinds(clock);
  const watches = serverWatches(served);
  const { kinds, references, owned, relations, watched } = watches;
  const writer = new Writer(api, {
    fieldManager: OPERATOR,
    digestAnnotation: APPLIED_ANNOTATION,
    formerManagers: GO_OPERATOR,
  });
  const secretFacts = new References(api, references, factsOf);
  const changes = new Changes();
  const conflicts = new Conflicts(clock);
  const common = { api, kinds, secretFacts, events, clock, random, randomBytes };
  const connections = new Connections({ ...common, writer, http: options.http });
  const findings = new AllFindings();
  const departures = new Departures(connections, clock, log);
  const count = metrics.counter("drift_total", "Changes that were found made by hand", "kind");
  const rest = restController({
    ...{ watches, log, metrics },
    context: {
      ...{ ...common, writer, references, connections, findings },
      looks: new Looks(clock, random),
      dial: options.dial,
      drifted: count,
      hasPolicyOfItsOwn: options.hasPolicyOfItsOwn ?? (() => false),
    },
  });
  const controller = new Controller({
    ...options,
    name: NAME,
    primary: kinds.servers,
    owned,
    related: relations,
    triggers: [findings.changed, departures.changed],
    observer: metrics.controller(NAME, DEFAULT_WORKERS + EDIT_WORKERS),
    reconcile: async (key) => {
      const session = writer.session();
      const context = {
        ...{ ...common, changes, conflicts, operatorNamespace, findings, departures },
        writer: session,
        noted: (key: Key) => rest.noted.tell(key, "background"),
        isServed: served.isServed.bind(served),
      };
      const outcome = await reconcileServer(context, key);
      return { ...outcome, writes: session.writes };
    },
  });
  metrics.queue(NAME, controller.queue);
  return {
    ...{ watched, connections, kinds, references },
    controllers: [controller, rest.controller],
    drifted: count,
    hurry: rest.hurry,
    close: () => {
      departures.close();
      connections.close();
    },
  };
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
