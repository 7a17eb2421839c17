// Writes the status, and tells of its change in an event.

import { DITTO_SERVER_CONDITIONS } from "../../api/conditions.ts";
import type { DittoServer, DittoServerStatus } from "../../api/dittoserver.ts";
import { same } from "../../kube/covers.ts";
import { keyOf, type Live, makeKey } from "../../kube/object.ts";
import { dittoServers } from "../kinds.ts";
import type { InOrder } from "./aspects.ts";
import type { ReconcileContext } from "./context.ts";
import { databaseReason } from "./database_step.ts";
import { tooLongInMs } from "../kstatus.ts";
import { keptInOrder } from "./kept_address.ts";
import type { Made } from "./made.ts";
import { type ManagedFacts, managedStatus } from "./managed.ts";
import { namesOf } from "./names.ts";
import type { Pass } from "./pass.ts";
import { type RestFacts, restStatus } from "./rest_status.ts";
import { type Decision, rolloutStatus } from "./rollout.ts";
import type { InvalidSpecError } from "./server.ts";
import { servingPodUid } from "./server_kinds.ts";
import { wantedReplicas } from "./stateful_set.ts";
import { happeningOf, invalidStatus, serverStatus, type StatusFacts } from "./status.ts";
import { endpointsOf } from "./status_endpoints.ts";
import { livePod, liveStatefulSet } from "./workload_step.ts";

/** Reports what a pass has made or found. Returns the milliseconds until it has taken too long. */
export async function report(
  pass: Pass,
  made: Made,
): Promise<number | undefined> {
  const { context, resource, server } = pass;
  const { decision, storage, configHash } = made.workload;
  // Steps run side by side; the status must not depend on which of them failed first.
  pass.problems.sort((a, b) => (a.message < b.message ? -1 : 1));
  const services = context.kinds.services.cache;
  const facts = restFacts(pass);
  const managed = managedStatus(facts);
  const { statements, notServing, compared } = restStatus(facts);
  const pending = pendingOf(decision);
  const now = context.clock.now();
  const status = serverStatus(resource, {
    replicas: wantedReplicas(server.spec),
    paused: pass.dry,
    pending,
    configHash,
    statefulSet: liveStatefulSet(pass),
    podName: server.names.pod,
    pod: livePod(pass),
    problems: pass.problems,
    inOrder: inOrder(pass, made),
    endpoints: endpointsOf(server, (name) => services.get(makeKey(server.namespace, name))),
    volumes: storage.volumes,
    rollout: rolloutStatus(decision, resource.status?.rollout),
    ...{ managed, notServing, compared, rest: statements },
    now: new Date(now),
  });
  await write(context, resource, status);
  return tooLongInMs(DITTO_SERVER_CONDITIONS, status.conditions ?? [], now);
}

/** What is known of the server behind its REST API. */
function restFacts({ context, resource, server, dry }: Pass): RestFacts & ManagedFacts {
  return {
    spec: server.spec,
    enforce: server.spec.management === "Enforce" && !dry,
    podUid: servingPodUid(context.kinds, server),
    findings: context.findings.get(resource.metadata.uid),
    before: resource.status,
  };
}

function pendingOf(decision: Decision | undefined): StatusFacts["pending"] {
  switch (decision?.act) {
    case "hold":
      return "held";
    case "announce":
    case "drain":
      return "announced";
    default:
      return false;
  }
}

/** Reports that the spec cannot be used. What runs stays as it was, and as it was said to be. */
export async function reportInvalid(
  context: ReconcileContext,
  resource: Live<DittoServer>,
  { message }: InvalidSpecError,
): Promise<void> {
  const { name, namespace } = resource.metadata;
  const names = namesOf(name);
  const statefulSet = context.kinds.statefulSets.cache.get(makeKey(namespace, names.statefulSet));
  const now = new Date(context.clock.now());
  const facts = { statefulSet, podName: names.pod, message, now };
  await write(context, resource, invalidStatus(resource, facts));
}

/** What the aspects say that have no problem. */
function inOrder(pass: Pass, { workload, kept, monitored }: Made): InOrder {
  const { decision, storage } = workload;
  return {
    // What is held, or lacks something, is kept back together with its configuration.
    ConfigReady: { reason: decision?.act === "apply" ? "Applied" : "Waiting" },
    ReferencesResolved: { reason: "Resolved" },
    StorageReady: storage.condition,
    NetworkReady: keptInOrder(pass.server, kept) ?? { reason: "Applied" },
    DatabaseReady: { reason: databaseReason(pass) },
    ...(monitored && { MonitoringReady: { reason: "Applied" } }),
  };
}

async function write(
  { kinds, writer, events, noted }: ReconcileContext,
  resource: Live<DittoServer>,
  status: DittoServerStatus,
): Promise<void> {
  if (!await writer.applyStatus(kinds.servers, resource, status)) return;
  if (!same(status.managed, resource.status?.managed)) noted(keyOf(resource));
  const happening = happeningOf(resource.status, status);
  if (happening) await events.publish(dittoServers, resource, happening);
}
