// Looks at one server over its REST API, and makes true what is not.
//
// It writes no status: what it finds out goes to the controller that does (findings.ts). A server
// that does not run costs nothing, and one about which nothing has changed is asked nothing until
// its next slow check.

import {
  ServerError,
  ServerUnreachableError,
  UnexpectedAnswerError,
  type UnreachableKind,
} from "../../../dittofs/errors.ts";
import { done, type Outcome } from "../../../kube/controller.ts";
import { digestOf } from "../../../kube/digest.ts";
import { messageOf } from "../../../kube/errors.ts";
import type { Logger } from "../../../kube/log.ts";
import type { Key } from "../../../kube/object.ts";
import {
  ClientCertificateMissingError,
  ForeignAnswerError,
  LoginRefusedError,
  NotServingError,
} from "../../connections/errors.ts";
import { type Serving, servingServer } from "../../connections/serving.ts";
import { secondsOf } from "../../duration.ts";
import { paused } from "../paused.ts";
import { type AdaptersReport, lookAtAdapters, seeToAdapters } from "./adapters_step.ts";
import type { ConnectedVisit, RestContext, Visit } from "./context.ts";
import type { Finding, Findings } from "./findings.ts";
import { PROVIDERS, wantedProvider } from "./identity_providers.ts";
import { seeToIdentityProviders } from "./identity_step.ts";
import { failed } from "./problems.ts";
import { rotateAdminPassword } from "./rotation.ts";
import { seeToSnapshotPolicies } from "./snapshot_step.ts";

/** Looks at the server of a key. */
export async function reconcileRest(
  context: RestContext,
  key: Key,
  log: Logger,
): Promise<Outcome> {
  const serving = servingOf(context, key);
  if (!serving) return done;
  const { resource, server, podUid } = serving;
  const { uid } = resource.metadata;
  const { looks } = context;
  const inputs = inputsOf(serving);
  const dueInMs = looks.dueInMs(uid, inputs);
  if (dueInMs > 0) return wait(dueInMs);
  if (looks.isSlowCheck(uid, inputs)) context.connections.check(key);
  looks.begin(uid);

  const known = context.findings.get(uid);
  const visit: Visit = {
    ...{ context, key, resource, server, podUid, log },
    enforce: server.spec.management === "Enforce" && !paused(resource),
    before: known?.podUid === podUid ? known : undefined,
  };
  const interval = 1000 * secondsOf(server.spec.checkInterval);
  const startingForMs = looks.unsettledForMs(uid, inputs);
  const looked = await look(visit, startingForMs);
  // The pod went while it was asked: that is an event of its own.
  if (!looked) return done;
  const { findings, settled, againInMs } = looked;
  context.findings.set(key, uid, findings);
  if (againInMs !== undefined) {
    return wait(looks.after(uid, inputs, Math.min(againInMs, interval)));
  }
  return wait(
    settled ? looks.settled(uid, inputs, interval) : looks.unsettled(uid, inputs, interval),
  );
}

/** The server of a key, if it runs. What was known of one that is gone is forgotten. */
function servingOf({ kinds, findings, looks }: RestContext, key: Key): Serving | undefined {
  try {
    return servingServer(kinds, key);
  } catch (error) {
    if (!(error instanceof NotServingError)) throw error;
    const uid = kinds.servers.cache.get(key)?.metadata.uid;
    if (uid !== undefined && error.reason === "BeingDeleted") {
      findings.forget(uid);
      looks.forget(uid);
    }
    return undefined;
  }
}

/** What a look came to. */
interface Looked {
  readonly findings: Findings;
  readonly settled: boolean;
  /** When to look again, where that does not follow from whether all is settled. */
  readonly againInMs?: number;
}

async function look(visit: Visit, startingForMs: number): Promise<Looked | undefined> {
  const { context: { connections }, key, resource } = visit;
  try {
    const { client, as } = await connections.probe(key);
    return await work({ ...visit, client, as }, startingForMs);
  } catch (error) {
    if (error instanceof NotServingError) return undefined;
    const refusal = refusalOf(error);
    if (!refusal) throw error;
    const adapters = await lookAtAdapters(visit, startingForMs);
    const probeInMs = await connections.probeInMs(resource.metadata.uid);
    return {
      findings: {
        ...common(visit, adapters),
        aspects: { Authenticated: refusal, AdaptersReady: adapters.finding, ...unseen(visit) },
        applied: visit.before?.applied ?? {},
        released: [],
        noted: true,
      },
      settled: refusal.reason !== "Unreachable" && adapters.settled,
      ...(probeInMs > 0 && { againInMs: probeInMs }),
    };
  }
}

/** Everything that is to be seen to on a server that lets us in. */
async function work(visit: ConnectedVisit, startingForMs: number): Promise<Looked> {
  const [adapters, identity, snapshots, rotation] = await Promise.all([
    seeToAdapters(visit, startingForMs),
    seeToIdentityProviders(visit),
    seeToSnapshotPolicies(visit),
    rotate(visit),
  ]);
  const steps = [adapters, identity, snapshots];
  return {
    findings: {
      ...common(visit, adapters),
      aspects: {
        Authenticated: rotation ?? { reason: "LoggedIn" },
        AdaptersReady: adapters.finding,
        ...(identity.finding && { IdentityProvidersReady: identity.finding }),
        ...(snapshots.finding && { SnapshotPoliciesReady: snapshots.finding }),
      },
      applied: identity.applied,
      released: [
        ...identity.released,
        ...snapshots.released.map((share) => `share ${share}` as const),
      ],
      noted: !steps.some(({ notes }) => notes),
      ...(identity.restart && { restart: identity.restart }),
    },
    settled: steps.every(({ settled }) => settled) && !rotation,
  };
}

/** What every look says. */
function common({ podUid, resource }: Visit, { notServing }: AdaptersReport) {
  const { generation } = resource.metadata;
  return { podUid, generation, ...(notServing && { notServing }) };
}

/** What is said of aspects that could not be looked at. */
function unseen({ before, server: { spec } }: Visit): Findings["aspects"] {
  const wanted = {
    IdentityProvidersReady: PROVIDERS.some((type) => wantedProvider(type, spec)),
    SnapshotPoliciesReady: (spec.snapshotPolicies?.length ?? 0) > 0,
  };
  const waiting = {
    reason: "Waiting",
    message: "the server does not let the operator in",
  } as const;
  const of = (aspect: keyof typeof wanted) =>
    wanted[aspect] ? { [aspect]: before?.aspects[aspect] ?? waiting } : {};
  return { ...of("IdentityProvidersReady"), ...of("SnapshotPoliciesReady") };
}

/** Renews the admin's password if that is wanted. Says what is wrong, if something is. */
async function rotate(visit: ConnectedVisit): Promise<Finding | undefined> {
  if (paused(visit.resource)) return undefined;
  try {
    await rotateAdminPassword(visit);
    return undefined;
  } catch (error) {
    const { message = "" } = failed("the admin's password", error);
    return { reason: "RotationFailed", message };
  }
}

/** Why a server does not let us in; undefined if the error says nothing of that. */
function refusalOf(error: unknown): Finding | undefined {
  const message = messageOf(error);
  if (error instanceof LoginRefusedError) return { reason: "LoginRefused", message };
  if (error instanceof ClientCertificateMissingError) {
    return { reason: "ClientCertificateMissing", message };
  }
  if (error instanceof ServerUnreachableError && !(error instanceof ForeignAnswerError)) {
    return { reason: "Unreachable", message: UNREACHABLE[error.kind] ?? message };
  }
  const answered = error instanceof ForeignAnswerError || error instanceof ServerError ||
    error instanceof UnexpectedAnswerError;
  return answered ? { reason: "Unreachable", message } : undefined;
}

/**
 * Words that do not change from one attempt to the next: each other word would be a write of the
 * status. What the runtime says of certificates and ports is the same each time.
 */
const UNREACHABLE: Readonly<Partial<Record<UnreachableKind, string>>> = {
  refused: "nobody listens on the port of the REST API",
  timeout: "the REST API does not answer in time",
  dns: "the name of the Service NAME-api is not known where the operator runs",
  reset: "connections to the REST API break off",
};

/** Of everything that decides about what a look finds; of Secrets see controller.ts. */
function inputsOf({ resource, podUid }: Serving): string {
  const { metadata: { generation }, status } = resource;
  return digestOf({ generation, podUid, paused: paused(resource), managed: status?.managed });
}

function wait(afterMs: number): Outcome {
  return { result: "wait", afterMs: Math.ceil(afterMs), reason: "the server is looked at again" };
}
