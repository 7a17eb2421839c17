// What looking at servers over their REST API needs, and one such look.

import type { DittoServer } from "../../../api/dittoserver.ts";
import type { Secret } from "../../../api/kubernetes/types.ts";
import type { Api } from "../../../kube/api.ts";
import type { Writer } from "../../../kube/apply.ts";
import type { Clock, Random } from "../../../kube/clock.ts";
import type { EventRecorder } from "../../../kube/events.ts";
import type { Logger } from "../../../kube/log.ts";
import type { Key, Live } from "../../../kube/object.ts";
import type { Referenced } from "../../../kube/references.ts";
import type { Connection, Connections } from "../../connections/connections.ts";
import type { Facts } from "../../connections/tls.ts";
import type { ServerKinds } from "../kinds.ts";
import type { RandomBytes } from "../secrets.ts";
import type { Server } from "../server.ts";
import type { Dial } from "./dial.ts";
import type { AllFindings, Finding, Findings } from "./findings.ts";
import type { Looks } from "./looks.ts";

/** What is counted when it is found changed on a server. */
export type DriftKind = "adapter" | "identityProvider" | "snapshotPolicy";

/** What looking needs besides the key. */
export interface RestContext {
  readonly api: Api;
  readonly writer: Writer;
  readonly kinds: ServerKinds;
  /** Secrets of others, by their identity. */
  readonly references: Referenced<Secret>;
  readonly secretFacts: Facts;
  readonly connections: Connections;
  readonly findings: AllFindings;
  readonly looks: Looks;
  readonly events: Pick<EventRecorder, "publish">;
  readonly clock: Clock;
  readonly random: Random;
  readonly randomBytes: RandomBytes;
  readonly dial: Dial;
  /** Counts what somebody has changed on a server by hand. */
  readonly drifted: (kind: DriftKind) => void;
  /** Whether a resource of its own says when snapshots of a share are made. */
  readonly hasPolicyOfItsOwn: (serverKey: Key, share: string) => boolean;
}

/** One look at one server that runs. */
export interface Visit {
  readonly context: RestContext;
  readonly key: Key;
  readonly resource: Live<DittoServer>;
  readonly server: Server;
  readonly podUid: string;
  /** Whether what differs is put right, or only told. */
  readonly enforce: boolean;
  /** What the last look at this pod found; undefined if this is the first. */
  readonly before: Findings | undefined;
  readonly log: Logger;
}

/** A look at a server that lets us in. */
export interface ConnectedVisit extends Visit, Pick<Connection, "client" | "as"> {}

/** What a step has found out about its aspect. */
export interface StepReport {
  /** Undefined where there is nothing to say. */
  readonly finding: Finding | undefined;
  /** Whether nothing is left that will happen by itself soon. */
  readonly settled: boolean;
  /** It goes on when the status says what it is about to do. */
  readonly notes?: boolean;
}
