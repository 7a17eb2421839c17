// The limit for this very work: a script without watches, caches or queue sends the requests that
// the operator sends for a new server, with the same builders, while Kubernetes' own controllers
// take their share of the cores as they do in the operator's run.

import type { DittoServer } from "../api/dittoserver.ts";
import {
  configMaps,
  dittoServers,
  networkPolicies as policies,
  secrets,
  services,
  statefulSets,
} from "../controllers/kinds.ts";
import { configMap } from "../controllers/dittoserver/config_map.ts";
import { networkPolicies } from "../controllers/dittoserver/network_policies.ts";
import { adminSecret, jwtSecret } from "../controllers/dittoserver/secrets.ts";
import { readServer } from "../controllers/dittoserver/server.ts";
import { allServices } from "../controllers/dittoserver/services.ts";
import { statefulSet } from "../controllers/dittoserver/stateful_set.ts";
import { serverStatus } from "../controllers/dittoserver/status.ts";
import type { Live } from "../kube/object.ts";
import type { Api } from "../kube/api.ts";
import { atOnce } from "./at_once.ts";
import { BENCH, createServer, type Ground } from "./ground.ts";
import { cpuByName } from "./proc.ts";

/** Servers that the script works on at a time: as many as the operator has workers. */
const WIDTH = 16;

/** How long the script took. */
export interface Replay {
  readonly servers: number;
  readonly totalMs: number;
  /** Processor time of each process during it, in milliseconds. */
  readonly cpuMs: Readonly<Record<string, number>>;
}

/** Makes the servers and everything that belongs to them. No operator may run meanwhile. */
export async function measureReplay(
  { api }: Ground,
  servers: readonly DittoServer[],
): Promise<Replay> {
  const before = await cpuByName();
  const began = performance.now();
  await atOnce(WIDTH, servers, async (server) => makeAll(api, await createServer(api, server)));
  const totalMs = performance.now() - began;
  const after = await cpuByName();
  const cpuMs = Object.fromEntries(
    Object.entries(after).map(([name, ms]) => [name, ms - (before[name] ?? 0)]),
  );
  return { servers: servers.length, totalMs, cpuMs };
}

async function makeAll(api: Api, resource: Live<DittoServer>): Promise<void> {
  const server = readServer(resource);
  const random = (length: number) => crypto.getRandomValues(new Uint8Array(length));
  const options = { fieldManager: BENCH };
  await Promise.all([
    api.apply(configMaps, configMap(server), options),
    api.create(secrets, jwtSecret(server, random), BENCH),
    api.create(secrets, adminSecret(server, random), BENCH),
    ...allServices(server).map((service) => api.apply(services, service, options)),
    ...networkPolicies(server, undefined).map((p) => api.apply(policies, p, options)),
  ]);
  const configHash = "0".repeat(64);
  const made = await api.apply(
    statefulSets,
    statefulSet(server, { configHash, live: undefined }),
    options,
  );
  const { name, namespace, uid } = resource.metadata;
  const status = serverStatus(resource, {
    replicas: server.spec.replicas,
    configHash,
    statefulSet: made,
    podName: server.names.pod,
    ...{ paused: false, pending: false, pod: undefined, problems: [], inOrder: {} },
    ...{ endpoints: {}, volumes: undefined, rollout: undefined },
    ...{ managed: undefined, rest: [], notServing: undefined, compared: undefined },
    now: new Date(),
  });
  const patch: DittoServer = {
    apiVersion: "dittofs.dittofs.com/v1alpha1",
    kind: "DittoServer",
    metadata: { name, uid, ...(namespace && { namespace }) },
    spec: resource.spec,
    status,
  };
  await api.apply(dittoServers, patch, { ...options, subresource: "status" });
}
