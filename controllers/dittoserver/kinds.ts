// The kinds that a DittoServer is made of, or that say something about it, as their caches give them.

import type { DittoServer } from "../../api/dittoserver.ts";
import type {
  ConfigMap,
  NetworkPolicy,
  Pod,
  PodDisruptionBudget,
  Secret,
  Service,
} from "../../api/kubernetes/types.ts";
import type { Applied, CreatedOnce, Deletable, Patchable, Tracked } from "../../kube/tracked.ts";
import type { PodMonitor, ServiceMonitor } from "../prometheus.ts";
import type { PodView } from "./pod_view.ts";
import type { SecretView } from "./secrets.ts";
import type { StorageKinds } from "./storage/kinds.ts";

/** A kind of children of which some may be no longer wanted. */
type Pruned<T extends object> = Applied<T> & Deletable<T>;

/** The kinds that a DittoServer is made of, or that say something about it. */
export interface ServerKinds extends StorageKinds {
  readonly servers: Patchable<DittoServer>;
  readonly configMaps: Applied<ConfigMap>;
  /** Our own Secrets, as those that are made here once. */
  readonly secrets: CreatedOnce<Secret, SecretView>;
  /** The same Secrets, as those of which something is kept as it should be. */
  readonly ownSecrets: Applied<Secret, SecretView>;
  readonly services: Pruned<Service>;
  readonly networkPolicies: Pruned<NetworkPolicy>;
  readonly disruptionBudgets: Pruned<PodDisruptionBudget>;
  readonly serviceMonitors: Pruned<ServiceMonitor>;
  readonly podMonitors: Pruned<PodMonitor>;
  readonly pods: Tracked<Pod, PodView>;
}
