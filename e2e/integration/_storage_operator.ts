// A controller of nothing but a server's StatefulSet and its storage, within the test's process.
//
// The StatefulSet is the real one; the configuration that its pod reads is of no interest here,
// so it is left out, and `spec.image` stands for everything that changes the pod template.

import type { DittoServer } from "../../api/dittoserver.ts";
import type { StatefulSet } from "../../api/kubernetes/types.ts";
import { conditions } from "../../controllers/conditions.ts";
import {
  APPLIED_ANNOTATION,
  CHILD_SELECTOR,
  OPERATOR,
} from "../../controllers/dittoserver/names.ts";
import { readServer } from "../../controllers/dittoserver/server.ts";
import { statefulSet } from "../../controllers/dittoserver/stateful_set.ts";
import { ensureStorage } from "../../controllers/dittoserver/storage/grow.ts";
import {
  type StorageKinds,
  storageKinds,
  storageRelations,
  storageWatches,
} from "../../controllers/dittoserver/storage/kinds.ts";
import { dittoServers, statefulSets } from "../../controllers/kinds.ts";
import { Api } from "../../kube/api.ts";
import { Writer } from "../../kube/apply.ts";
import { Cache } from "../../kube/cache.ts";
import { systemClock as clock } from "../../kube/clock.ts";
import { connect } from "../../kube/connect.ts";
import { Controller, done, type Outcome } from "../../kube/controller.ts";
import { jsonLogger } from "../../kube/log.ts";
import type { Key } from "../../kube/object.ts";
import { Program } from "../../kube/program.ts";
import type { RestClient } from "../../kube/rest_client.ts";
import type { Tracked } from "../../kube/tracked.ts";
import { Transport } from "../../kube/transport.ts";
import type { TestPlane } from "./_plane.ts";

/** What is special about one run. */
export interface StorageOperatorOptions {
  /** The only namespace to work in. */
  readonly namespace: string;
  readonly userAgent: string;
  /** Puts something between the controller and the API server. */
  readonly through?: (client: RestClient) => RestClient;
}

/** Starts the controller; disposing of it lets it come to rest. */
export async function runStorageOperator(
  ground: TestPlane,
  { namespace, userAgent, through = (client) => client }: StorageOperatorOptions,
): Promise<AsyncDisposable & { readonly lines: readonly string[] }> {
  const access = await connect({ kubeconfig: ground.plane.kubeconfig() }, clock);
  const transport = new Transport(access, userAgent);
  const api = new Api(through(transport), clock);
  const lines: string[] = [];
  const log = jsonLogger((line) => lines.push(line), "debug");
  const servers: Tracked<DittoServer> = {
    ...{ resource: dittoServers, cache: new Cache<DittoServer>(), use: "watch" },
  };
  const sets: StorageKinds["statefulSets"] = {
    ...{ resource: statefulSets, cache: new Cache<StatefulSet>(), use: "apply", deletes: true },
  };
  const storage = storageKinds();
  const kinds = { ...storage, statefulSets: sets };
  const options = { fieldManager: OPERATOR, digestAnnotation: APPLIED_ANNOTATION };
  const writer = new Writer(api, options);
  const controller = new Controller<DittoServer>({
    ...{ name: "storage", primary: servers, owned: [sets] },
    related: storageRelations(storage, servers.cache),
    reconcile: (key) => reconcile({ api, writer, kinds, servers }, key),
    ...{ clock, random: Math.random, log },
  });
  const watched = [
    { tracked: servers },
    { tracked: sets, labelSelector: CHILD_SELECTOR },
    ...storageWatches(storage),
  ];
  const program = new Program({
    ...{ api, clock, random: Math.random, log, namespace, watched },
    controllers: [controller],
  });
  const stop = new AbortController();
  const running = program.run(stop.signal);
  return {
    lines,
    async [Symbol.asyncDispose]() {
      stop.abort();
      await running;
      transport[Symbol.dispose]();
    },
  };
}

interface Context {
  readonly api: Api;
  readonly writer: Writer;
  readonly kinds: StorageKinds;
  readonly servers: Tracked<DittoServer>;
}

async function reconcile({ api, writer, kinds, servers }: Context, key: Key): Promise<Outcome> {
  const resource = servers.cache.get(key);
  if (!resource || resource.metadata.deletionTimestamp) return done;
  const server = readServer(resource);
  const desired = statefulSet(server, { configHash: "0123", live: undefined });
  const outcome = await ensureStorage({ kinds, writer, api }, server, desired);
  if (outcome.statefulSet) await writer.apply(kinds.statefulSets, outcome.statefulSet);
  const { generation } = resource.metadata;
  const before = resource.status?.conditions ?? [];
  await writer.applyStatus(servers, resource, {
    ...(generation !== undefined && { observedGeneration: generation }),
    volumes: outcome.volumes,
    conditions: conditions([outcome.condition], before, generation, new Date(clock.now())),
  });
  if (outcome.error !== undefined) throw outcome.error;
  return done;
}
