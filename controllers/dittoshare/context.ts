// What reconciling a DittoShare needs besides the key.

import type { DittoShare } from "../../api/dittoshare.ts";
import type {
  PersistentVolume,
  PersistentVolumeClaim,
  Secret,
} from "../../api/kubernetes/types.ts";
import type { Api } from "../../kube/api.ts";
import type { Writer } from "../../kube/apply.ts";
import type { Clock } from "../../kube/clock.ts";
import type { EventRecorder } from "../../kube/events.ts";
import type { Key } from "../../kube/object.ts";
import type { References } from "../../kube/references.ts";
import type { Applied, Deletable, Patchable } from "../../kube/tracked.ts";
import type { Conflicts } from "../conflicts.ts";
import type { Connections } from "../connections/connections.ts";
import type { ServerKinds } from "../dittoserver/kinds.ts";
import type { SecretFacts } from "../dittoserver/references/secret_facts.ts";
import type { Buckets } from "./buckets.ts";

/** The kinds that a DittoShare is made of. */
export interface ShareKinds {
  readonly shares: Patchable<DittoShare>;
  /** Those that pods mount shares by. */
  readonly claims: Applied<PersistentVolumeClaim> & Deletable<PersistentVolumeClaim>;
  readonly volumes: Applied<PersistentVolume> & Deletable<PersistentVolume>;
}

/** What is read of servers. */
export type ServerView = Pick<ServerKinds, "servers" | "claims" | "services" | "statefulSets">;

/** What reconciling needs besides the key. */
export interface ShareContext {
  readonly kinds: ShareKinds;
  readonly servers: ServerView;
  readonly connections: Pick<Connections, "open">;
  readonly api: Api;
  readonly writer: Writer;
  /** Facts about the Secrets that users name; never their content. */
  readonly secretFacts: Pick<References<Secret, SecretFacts>, "get">;
  readonly events: Pick<EventRecorder, "publish">;
  readonly clock: Clock;
  readonly conflicts: Conflicts;
  readonly buckets: Pick<Buckets, "saw">;
  /** Has everything on a server be compared at once that is in the server's own spec. */
  readonly hurryServer: (serverKey: Key) => void;
  /** Counts something that was changed on a server by somebody else. */
  readonly drifted: () => void;
  /** The jobs that fetch the contents of a share, by the UID of its resource. */
  readonly warmJobs: Map<string, string>;
}
