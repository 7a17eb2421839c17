// What the status says of the server behind its REST API: what the other controller has found out
// (rest/findings.ts), and what to say until it has.
//
// After a restart of the operator nothing is known for a moment, and the status goes on saying
// what it said: a restart writes nothing. A pod that is new is another matter: whether it serves
// files is not known, so the server is not Ready before it has been looked at.
//
// What was found out holds for the generation of the spec that the server was compared with. Until
// it has been compared with a newer one, the status observes the older: who waits for a change
// (`kubectl wait`, kstatus) waits until the server has it.

import { DITTO_SERVER_CONDITIONS } from "../../api/conditions.ts";
import type { DittoServerSpec, DittoServerStatus } from "../../api/dittoserver.ts";
import type { Condition } from "../../api/dittoserver/status.ts";
import type { Statement } from "../conditions.ts";
import type { NotServing } from "./readiness.ts";
import { type Finding, type Findings, REST_ASPECTS, type RestAspect } from "./rest/findings.ts";
import { PROVIDERS, wantedProvider } from "./rest/identity_providers.ts";
import { wantedPolicies } from "./rest/snapshot_policies.ts";

/** What it follows from. */
export interface RestFacts {
  readonly spec: DittoServerSpec;
  /** UID of the pod, if it is ready. */
  readonly podUid: string | undefined;
  readonly findings: Findings | undefined;
  readonly before: DittoServerStatus | undefined;
}

/** What the status says. */
export interface RestStatus {
  readonly statements: readonly Statement[];
  /** Why files are not served although the pod is ready. */
  readonly notServing: NotServing | undefined;
  /** The generation of the spec that the server was compared with; undefined if with none. */
  readonly compared: number | undefined;
}

/** What the status says. */
export function restStatus(facts: RestFacts): RestStatus {
  const { podUid, findings, before } = facts;
  if (podUid === undefined) {
    return { statements: notRunning(facts), notServing: undefined, compared: undefined };
  }
  if (findings?.podUid === podUid) {
    const statements = REST_ASPECTS.flatMap((aspect) => {
      const finding = findings.aspects[aspect];
      return finding ? [statementOf(aspect, finding)] : [];
    });
    return { statements, notServing: findings.notServing, compared: findings.generation };
  }
  const said = (type: string) => before?.conditions?.find((each) => each.type === type);
  const kept = REST_ASPECTS.flatMap((aspect) => said(aspect) ?? []).map(asItWas);
  const adapters = said("AdaptersReady");
  const looked = adapters ? adapters.reason !== NOT_RUNNING : said("Ready")?.reason === "Serving";
  if (findings === undefined && looked) {
    return {
      statements: kept,
      notServing: adapters && asItWasServed(adapters, said("Ready")),
      compared: (adapters ?? said("Ready"))?.observedGeneration,
    };
  }
  return {
    statements: [
      statementOf("AdaptersReady", { reason: "Applying", message: CHECKING.message }),
      ...kept.filter(({ type }) => type !== "AdaptersReady"),
    ],
    notServing: CHECKING,
    compared: undefined,
  };
}

const NOT_RUNNING = "ServerNotRunning";

const CHECKING: NotServing = {
  reason: "CheckingAdapters",
  message: DITTO_SERVER_CONDITIONS.Ready.CheckingAdapters.meaning,
};

/** Without a pod, nothing that was found out about one is so any more (W30). */
function notRunning({ spec }: RestFacts): Statement[] {
  const waiting: Finding = { reason: "Waiting", message: "there is no running server" };
  return [
    statementOf("Authenticated", { reason: NOT_RUNNING }),
    statementOf("AdaptersReady", { reason: NOT_RUNNING }),
    ...(PROVIDERS.some((type) => wantedProvider(type, spec))
      ? [statementOf("IdentityProvidersReady", waiting)]
      : []),
    ...(wantedPolicies(spec).length > 0 ? [statementOf("SnapshotPoliciesReady", waiting)] : []),
  ];
}

function statementOf(aspect: RestAspect, { reason, message, unknown }: Finding): Statement {
  const reasons: Readonly<Record<string, { meaning: string; status: "True" | "False" }>> =
    DITTO_SERVER_CONDITIONS[aspect];
  const { status = "False", meaning = reason } = reasons[reason] ?? {};
  return {
    type: aspect,
    status: unknown ? "Unknown" : status,
    reason,
    message: message ?? meaning,
  };
}

function asItWas({ type, status, reason, message }: Condition): Statement {
  return { type, status, reason, message };
}

function asItWasServed(
  { status, reason, message }: Condition,
  ready: Condition | undefined,
): NotServing | undefined {
  if (ready?.reason === "CheckingAdapters") return CHECKING;
  if (status !== "False") return undefined;
  return reason === "NotListening" || reason === "Applying" ? { reason, message } : undefined;
}
