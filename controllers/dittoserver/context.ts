// What reconciling a DittoServer needs besides the key.

import type { Secret } from "../../api/kubernetes/types.ts";
import type { Api } from "../../kube/api.ts";
import type { Writer } from "../../kube/apply.ts";
import type { Clock } from "../../kube/clock.ts";
import type { EventRecorder } from "../../kube/events.ts";
import type { Key } from "../../kube/object.ts";
import type { References } from "../../kube/references.ts";
import type { ResourceName } from "../../kube/resource.ts";
import type { Conflicts } from "../conflicts.ts";
import type { ServerKinds } from "./kinds.ts";
import type { SecretFacts } from "./references/secret_facts.ts";
import type { Departures } from "./rest/departures.ts";
import type { AllFindings } from "./rest/findings.ts";
import type { Changes } from "./rollout.ts";
import type { RandomBytes } from "./secrets.ts";

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
  readonly conflicts: Conflicts;
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
