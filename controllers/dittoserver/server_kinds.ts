// The kinds that a DittoServer is made of, or that say something about it; how they are watched,
// and whom a change of one concerns.
//
// Children carry our label and have the resource as their controller. Claims and pods belong to
// the StatefulSet and are found by the labels that it gives them. Secrets that users name are
// watched by their metadata alone, whoever's they are.

import type { DittoServer, DittoServerInput } from "../../api/dittoserver.ts";
import type { Secret } from "../../api/kubernetes/types.ts";
import { Cache } from "../../kube/cache.ts";
import { type Key, keyOf, type KubernetesObject, type Live, makeKey } from "../../kube/object.ts";
import type { Watched } from "../../kube/program.ts";
import { identityOnly } from "../../kube/kept.ts";
import type { Referenced } from "../../kube/references.ts";
import { type Related, related } from "../../kube/relations.ts";
import type { ServedKinds } from "../../kube/served.ts";
import type { AnyTracked } from "../../kube/tracked.ts";
import {
  configMaps,
  dittoServers,
  networkPolicies,
  podDisruptionBudgets,
  podMonitors,
  pods,
  secrets,
  serviceMonitors,
  services,
  statefulSets,
} from "../kinds.ts";
import type { ServerKinds } from "./kinds.ts";
import { CHILD_SELECTOR } from "./names.ts";
import { byOwner } from "./pass.ts";
import { type PodView, viewPod } from "./pod_view.ts";
import { secretUses } from "./references/secret_uses.ts";
import { viewSecret } from "./secrets.ts";
import { InvalidSpecError, readServer, type Server } from "./server.ts";
import { CLAIM_SELECTOR, storageKinds, storageRelations, storageWatches } from "./storage/kinds.ts";

/** The name of the index under which a server is found by the keys of the Secrets that it reads. */
const BY_SECRET = "secret";

/** Everything that the controller watches. */
export interface ServerWatches {
  readonly kinds: ServerKinds;
  /** The Secrets of others. */
  readonly references: Referenced<Secret>;
  /** Kinds whose objects have the resource as their controller. */
  readonly owned: readonly AnyTracked[];
  readonly relations: readonly Related[];
  readonly watched: readonly Watched[];
  /** The servers that read a Secret of somebody else's. */
  readonly secretReaders: (secret: KubernetesObject) => Key[];
}

/** New caches, all empty. `served` knows which kinds of others the cluster has. */
export function serverWatches(served: ServedKinds): ServerWatches {
  const ownSecrets = { resource: secrets, cache: new Cache({ keep: viewSecret }) };
  const storage = storageKinds();
  const monitors = {
    serviceMonitors: pruned(serviceMonitors),
    podMonitors: pruned(podMonitors),
  };
  const owned = {
    configMaps: { resource: configMaps, cache: new Cache(), use: "apply" },
    secrets: { ...ownSecrets, use: "create" },
    services: pruned(services),
    networkPolicies: pruned(networkPolicies),
    disruptionBudgets: pruned(podDisruptionBudgets),
    statefulSets: { resource: statefulSets, cache: new Cache(), use: "apply", deletes: true },
  } as const;
  const kinds: ServerKinds = {
    ...storage,
    ...owned,
    ...monitors,
    servers: {
      resource: dittoServers,
      cache: new Cache({ indexes: { [BY_SECRET]: secretKeys } }),
      use: "patch",
    },
    ownSecrets: { ...ownSecrets, use: "apply" },
    pods: { resource: pods, cache: new Cache({ keep: viewPod }), use: "watch" },
  };
  const references: Referenced<Secret> = {
    resource: secrets,
    cache: new Cache<Secret, KubernetesObject>({ keep: identityOnly }),
    use: "read",
  };
  const servers = kinds.servers.cache;
  const monitored = function* () {
    for (const server of servers.values()) if (wantsMonitor(server)) yield keyOf(server);
  };
  const secretReaders = (secret: KubernetesObject) =>
    servers.byIndex(BY_SECRET, keyOf(secret)).map(keyOf);
  return {
    kinds,
    references,
    secretReaders,
    owned: [...Object.values(owned), ...Object.values(monitors)],
    relations: [
      ...storageRelations(storage, servers),
      related(kinds.pods, serverOf),
      // One of them may have no controller: it outlives the resource, as the volumes do.
      related(owned.secrets, serverOf),
      // Who rotates a Secret waits for what follows.
      related(references, secretReaders, "user"),
      ...Object.values(monitors).map(({ resource }) => served.related(resource, monitored)),
    ],
    watched: [
      { tracked: kinds.servers },
      ...Object.values(owned).map((tracked) => ({ tracked, labelSelector: CHILD_SELECTOR })),
      ...storageWatches(storage),
      { tracked: kinds.pods, labelSelector: CLAIM_SELECTOR },
      { tracked: references, metadataOnly: true },
      ...Object.values(monitors).map((tracked) => ({
        ...{ tracked, labelSelector: CHILD_SELECTOR, whileServed: served },
      })),
    ],
  };
}

function pruned<T extends KubernetesObject>(resource: Referenced<T>["resource"]) {
  const cache = new Cache<T>({ indexes: byOwner });
  return { resource, cache, use: "apply", deletes: true } as const;
}

/** The names of the Secrets of others that a spec has, which does not change with the status. */
const secretNames = new WeakMap<DittoServerInput, readonly string[]>();

/** The keys of the Secrets of others that a server reads; none while its spec cannot be understood. */
function secretKeys(resource: Live<DittoServer>): Key[] {
  let names = secretNames.get(resource.spec);
  if (!names) secretNames.set(resource.spec, names = secretNamesOf(resource));
  return names.map((name) => makeKey(resource.metadata.namespace, name));
}

function secretNamesOf(resource: Live<DittoServer>): readonly string[] {
  try {
    return secretUses(readServer(resource)).filter(({ generated }) => !generated)
      .map(({ secret }) => secret);
  } catch (error) {
    if (error instanceof InvalidSpecError) return [];
    throw error;
  }
}

function wantsMonitor({ spec: { metrics } }: DittoServer): boolean {
  return (metrics?.serviceMonitor?.enabled || metrics?.podMonitor?.enabled) ?? false;
}

/** The pod of a server as it is. */
export function livePodOf(
  { pods }: Pick<ServerKinds, "pods">,
  { namespace, names }: Pick<Server, "namespace" | "names">,
): Live<PodView> | undefined {
  return pods.cache.get(makeKey(namespace, names.pod));
}

/** UID of the pod of a server that answers its readiness probe and is not on its way out. */
export function servingPodUid(
  kinds: Pick<ServerKinds, "pods">,
  server: Pick<Server, "namespace" | "names">,
): string | undefined {
  const pod = livePodOf(kinds, server);
  return pod?.ready && !pod.metadata.deletionTimestamp ? pod.metadata.uid : undefined;
}

/** The server that a label names. */
export function serverOf({ metadata }: KubernetesObject): Key[] {
  const name = metadata?.labels?.instance;
  return name === undefined ? [] : [makeKey(metadata?.namespace, name)];
}
