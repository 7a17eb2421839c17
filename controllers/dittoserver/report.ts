// Writes the status, and tells of its change in an event.

import type { DittoServer, DittoServerStatus } from "../../api/dittoserver.ts";
import { type Live, makeKey } from "../../kube/object.ts";
import { dittoServers } from "../kinds.ts";
import type { InOrder } from "./aspects.ts";
import type { ReconcileContext } from "./context.ts";
import { databaseReason } from "./database_step.ts";
import { keptInOrder } from "./kept_address.ts";
import type { Made } from "./made.ts";
import { namesOf } from "./names.ts";
import type { Pass } from "./pass.ts";
import type { Problem } from "./problem.ts";
import { rolloutStatus } from "./rollout.ts";
import type { InvalidSpecError } from "./server.ts";
import { wantedReplicas } from "./stateful_set.ts";
import { happeningOf, serverStatus } from "./status.ts";
import { endpointsOf } from "./status_endpoints.ts";
import { livePod, liveStatefulSet } from "./workload_step.ts";

/** Reports what a pass has made or found. */
export async function report(
  pass: Pass,
  made: Made,
): Promise<void> {
  const { context, resource, server } = pass;
  const { decision, storage, configHash } = made.workload;
  // Steps run side by side; the status must not depend on which of them failed first.
  pass.problems.sort((a, b) => (a.message < b.message ? -1 : 1));
  const services = context.kinds.services.cache;
  const pending = decision?.act === "hold" ? "held" : decision?.act === "announce" && "announced";
  await write(
    context,
    resource,
    serverStatus(resource, {
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
      now: new Date(context.clock.now()),
    }),
  );
}

/** Reports that the spec cannot be used. Everything else stays as it was said to be. */
export async function reportInvalid(
  context: ReconcileContext,
  resource: Live<DittoServer>,
  { message }: InvalidSpecError,
): Promise<void> {
  const names = namesOf(resource.metadata.name);
  const problem: Problem = { reason: "InvalidSpec", message, stalled: true };
  const { statefulSets } = context.kinds;
  await write(
    context,
    resource,
    serverStatus(resource, {
      ...{ replicas: undefined, paused: false, pending: false, configHash: undefined },
      statefulSet: statefulSets.cache.get(
        makeKey(resource.metadata.namespace, names.statefulSet),
      ),
      ...{ podName: names.pod, pod: undefined, problems: [problem], inOrder: {} },
      ...{ endpoints: {}, volumes: resource.status?.volumes, rollout: resource.status?.rollout },
      now: new Date(context.clock.now()),
    }),
  );
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
  { kinds, writer, events }: ReconcileContext,
  resource: Live<DittoServer>,
  status: DittoServerStatus,
): Promise<void> {
  if (!await writer.applyStatus(kinds.servers, resource, status)) return;
  const happening = happeningOf(resource.status, status);
  if (happening) await events.publish(dittoServers, resource, happening);
}
