// One look at one share in a test: caches, the writer at an API server in memory, and a DittoFS
// server that is a table of answers.

import type { DittoServer, DittoServerInput } from "../../api/dittoserver.ts";
import type { DittoShare, DittoShareInput, DittoShareStatus } from "../../api/dittoshare.ts";
import { DittofsClient } from "../../dittofs/client.ts";
import { RoutedHttp, type Routes } from "../../dittofs/testing/routed_http.ts";
import { Api } from "../../kube/api.ts";
import { Writer } from "../../kube/apply.ts";
import { Cache } from "../../kube/cache.ts";
import type { Happening } from "../../kube/events.ts";
import type { KubernetesObject, Live } from "../../kube/object.ts";
import { FaultClient } from "../../kube/testing/fault_client.ts";
import { MemoryApi } from "../../kube/testing/memory_api.ts";
import { VirtualClock } from "../../kube/testing/virtual_clock.ts";
import { Conflicts } from "../conflicts.ts";
import type { Connection } from "../connections/connections.ts";
import { testResource } from "../dittoserver/_fixture.ts";
import { APPLIED_ANNOTATION, OPERATOR } from "../dittoserver/names.ts";
import type { SecretFacts } from "../dittoserver/references/secret_facts.ts";
import { readServer } from "../dittoserver/server.ts";
import { dittoServers, persistentVolumeClaims, services, statefulSets } from "../kinds.ts";
import { shareResource } from "./_fixture.ts";
import type { ShareContext } from "./context.ts";
import { Pass, type Reached } from "./pass.ts";
import { readShare } from "./share.ts";
import { shareWatches } from "./share_kinds.ts";

/** What a look finds. */
export interface Found {
  readonly spec?: Partial<DittoShareInput>;
  readonly metadata?: Partial<Live<DittoShare>["metadata"]>;
  readonly status?: DittoShareStatus;
  readonly server?: Partial<DittoServerInput>;
  readonly serverStatus?: DittoServer["status"];
  /** Answers of the server. */
  readonly routes?: Routes;
  readonly facts?: SecretFacts;
}

const SHARES = "/apis/dittofs.dittofs.com/v1alpha1/namespaces/files/dittoshares";

/** The path of a claim. */
export const claimPath = (name: string) =>
  `/api/v1/namespaces/files/persistentvolumeclaims/${name}`;
/** The path of a volume. */
export const volumePath = (name: string) => `/api/v1/persistentvolumes/${name}`;

/** Everything that a look is made with, and what comes of it. */
export function look(
  { spec, metadata, status, server = {}, serverStatus, routes, facts }: Found = {},
) {
  const clock = new VirtualClock();
  const memory = new MemoryApi(clock);
  const client = new FaultClient(memory);
  const api = new Api(client, clock);
  const writer = new Writer(api, {
    fieldManager: OPERATOR,
    digestAnnotation: APPLIED_ANNOTATION,
  });
  const http = new RoutedHttp(routes);
  const { kinds } = shareWatches();
  const put = <T extends KubernetesObject>(
    cache: Cache<T>,
    path: string,
    content: Readonly<Record<string, unknown>>,
  ) => cache.observe(memory.put(path, content) as unknown as Live<T>);

  const demo = { ...testResource(server), ...(serverStatus && { status: serverStatus }) };
  const servers = {
    servers: { resource: dittoServers, cache: new Cache<DittoServer>(), use: "patch" },
    claims: { resource: persistentVolumeClaims, cache: new Cache(), use: "patch" },
    services: { resource: services, cache: new Cache(), use: "apply", deletes: true },
    statefulSets: { resource: statefulSets, cache: new Cache(), use: "apply", deletes: true },
  } as unknown as ShareContext["servers"];
  servers.servers.cache.observe(demo);

  const events: Happening[] = [];
  const drifts: string[] = [];
  const dittofs = new DittofsClient({ http, clock, baseUrl: "http://demo-api.files.svc:8080" });
  const connection: Connection = {
    ...{ client: dittofs, as: () => dittofs, resource: demo, server: readServer(demo) },
    podUid: "pod",
  };
  const context: ShareContext = {
    ...{ kinds, servers, api, writer, clock, warmJobs: new Map() },
    ...{ conflicts: new Conflicts(clock), buckets: { saw: () => {} }, hurryServer: () => {} },
    connections: { open: () => Promise.resolve(connection) },
    secretFacts: { get: () => Promise.resolve(facts) },
    events: { publish: (_, __, happening) => Promise.resolve(void events.push(happening)) },
    drifted: () => void drifts.push("DittoShare"),
  };
  const wished = shareResource(spec, metadata);
  const resource = put(kinds.shares.cache, `${SHARES}/${wished.metadata.name}`, {
    ...wished,
    ...(status && { status }),
  });
  const pass = new Pass(context, resource, readShare(resource));
  const reached: Reached = {
    ...{ pass, share: pass.share, context, client: dittofs, server: connection.server },
    ...{ connection, making: pass.noted.stores === undefined },
  };
  return {
    ...{ pass, reached, connection, context, kinds, servers, http, memory, client, clock, put },
    ...{ events, drifts },
    /** What is wrong, as `Aspect=Reason: message`. */
    problems: () =>
      pass.problems.map(({ aspect, reason, message }) => `${aspect ?? ""}=${reason}: ${message}`),
    /** The resource as it is now. */
    live: () => memory.read(`${SHARES}/${wished.metadata.name}`) as unknown as Live<DittoShare>,
  };
}

/** A status of a share that was in order when it was last looked at. */
export function inOrder(more: DittoShareStatus = {}): DittoShareStatus {
  const aspects = ["Ready", "StoresReady", "Serving", "GrantsReady", "QuotasReady"];
  return {
    observedGeneration: 1,
    stores: { metadata: "share-projects", local: "share-projects", volume: "metadata" },
    conditions: aspects.map((type) => ({
      ...{ type, status: "True", reason: "Fine", message: "", observedGeneration: 1 },
      lastTransitionTime: "2030-01-01T00:00:00Z",
    })),
    ...more,
  };
}
