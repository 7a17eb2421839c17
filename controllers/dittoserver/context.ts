// What reconciling a DittoServer needs besides the key.

import type { DittoServer } from "../../api/dittoserver.ts";
import type {
  ConfigMap,
  NetworkPolicy,
  Pod,
  PodDisruptionBudget,
  Secret,
  Service,
} from "../../api/kubernetes/types.ts";
import type { Api } from "../../kube/api.ts";
import type { Writer } from "../../kube/apply.ts";
import type { Clock } from "../../kube/clock.ts";
import type { EventRecorder } from "../../kube/events.ts";
import type { Key } from "../../kube/object.ts";
import type { References } from "../../kube/references.ts";
import type { ResourceName } from "../../kube/resource.ts";
import type { Applied, CreatedOnce, Deletable, Patchable, Tracked } from "../../kube/tracked.ts";
import type { PodMonitor, ServiceMonitor } from "../prometheus.ts";
import type { PodView } from "./pod_view.ts";
import type { SecretFacts } from "./references/secret_facts.ts";
import type { Departures } from "./rest/departures.ts";
import type { AllFindings } from "./rest/findings.ts";
import type { Changes } from "./rollout.ts";
import type { StorageKinds } from "./storage/kinds.ts";
import type { RandomBytes, SecretView } from "./secrets.ts";

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

/** What reconciling needs besides the key. */
export interface ReconcileContext {
  readonly kinds: ServerKinds;
  readonly api: Api;
  readonly writer: Writer;
  /** Facts about the Secrets that users name; never their content. */
  readonly secretFacts: Pick<References<Secret, SecretFacts>, "get">;
  readonly events: Pick<EventRecorder, "publish">;
  readonly clock: Clock;
  readonly randomBytes: RandomBytes;
  readonly changes: Changes;
  /** What is known of servers from their REST API. */
  readonly findings: Pick<AllFindings, "get">;
  readonly departures: Pick<Departures, "count" | "drain" | "forget">;
  /** Tells that the status says now what is about to be done on a server. */
  readonly noted: (key: Key) => void;
  /** Namespace of the operator, which may always reach the API of a server. */
  readonly operatorNamespace: string | undefined;
  /** Whether the cluster has this custom resource of others at present. */
  readonly isServed: (kind: ResourceName) => boolean;
}
