// Sees to NFS and SMB: makes them as the spec has them, and says whether they listen.
//
// One protocol never waits for the other (W42). Neither an answer of 200 nor `running` means that
// a port is listened on; what counts is a connection, or the server's own word about its listener.

import type { Adapter, AdapterType } from "../../../dittofs/adapters.ts";
import type { DittofsClient } from "../../../dittofs/client.ts";
import type { DittoServerSpec } from "../../../api/dittoserver.ts";
import { secondsOf } from "../../duration.ts";
import { LISTENS, servedProtocols } from "../adapter_ports.ts";
import { livePodOf } from "../server_kinds.ts";
import { type AdapterPlan, type AdapterStep, planAdapter, portOf, wishes } from "./adapters.ts";
import type { ConnectedVisit, StepReport, Visit } from "./context.ts";
import { differing, drifted, wasInOrder } from "./drift.ts";
import { type Listening, listensAt } from "./dial.ts";
import type { Finding, Findings } from "./findings.ts";
import { failed } from "./problems.ts";

/** How long a protocol that was started may take until it listens, in milliseconds. */
const STARTS_WITHIN_MS = 30_000;

/** What the step says: of the condition, and of whether files are served. */
export interface AdaptersReport extends StepReport {
  readonly finding: Finding;
  readonly notServing: Findings["notServing"];
}

/** Sees to both protocols of a server that lets us in. */
export async function seeToAdapters(
  visit: ConnectedVisit,
  startingForMs: number,
): Promise<AdaptersReport> {
  try {
    return await seeToBoth(visit, startingForMs);
  } catch (error) {
    const { notServing } = visit.before ?? {};
    return { finding: failed("adapters", error), notServing, settled: false };
  }
}

async function seeToBoth(visit: ConnectedVisit, startingForMs: number): Promise<AdaptersReport> {
  const { client, enforce } = visit;
  const rows = await client.adapters.list();
  const done = await Promise.all(
    (["nfs", "smb"] as const).map((protocol) => seeTo(visit, protocol, rowOf(rows, protocol))),
  );
  const acted = done.some(({ acted }) => acted);
  const now = acted ? await client.adapters.list() : rows;
  const judged = await judge(visit, now, startingForMs);
  const waits = done.some(({ plan }) => plan?.waitsForPod);
  const finding = judged.finding ?? done.find(({ finding }) => finding)?.finding ??
    differing(done.flatMap(({ plan }) => plan?.differences ?? []), enforce) ??
    (waits ? { reason: "Applying", message: WAITS } as const : { reason: "Serving" } as const);
  return {
    finding,
    notServing: judged.notServing,
    // What the server refuses it will refuse again.
    settled: !acted && judged.finding === undefined &&
      done.every(({ finding }) => finding?.reason !== "Failed"),
  };
}

const WAITS = "NFS gets its certificate when the pod restarts, which has it only then";

/** The same of a server that does not let us in: it can still be seen whether it listens. */
export async function lookAtAdapters(
  visit: Visit,
  startingForMs: number,
): Promise<AdaptersReport> {
  const judged = await judge(visit, undefined, startingForMs);
  return {
    finding: judged.finding ?? { reason: "Serving" },
    notServing: judged.notServing,
    // A new pod is known to its Services a moment after it is ready.
    settled: judged.notServing === undefined,
  };
}

/** What was done about one protocol. */
interface Done {
  readonly acted: boolean;
  readonly plan?: AdapterPlan;
  readonly finding?: Finding;
}

async function seeTo(
  visit: ConnectedVisit,
  protocol: AdapterType,
  live: Adapter | undefined,
): Promise<Done> {
  const { client, server: { spec }, context, enforce } = visit;
  try {
    const settings = live && wishes(protocol, spec)
      ? await client.adapters[`${protocol}Settings`].get()
      : undefined;
    const certificateMounted = livePodOf(context.kinds, visit.server)?.hasNfsCertificate ?? false;
    const plan = planAdapter(protocol, { spec, live, settings, certificateMounted });
    if (plan.differences.length > 0 && wasInOrder(visit, "AdaptersReady", "Serving")) {
      drifted(visit, "adapter", plan.differences);
    }
    if (!enforce || plan.steps.length === 0) return { acted: false, plan };
    for (const step of plan.steps) await perform(client, protocol, step, spec);
    return { acted: true };
  } catch (error) {
    return { acted: false, finding: failed(protocol, error) };
  }
}

function perform(
  client: DittofsClient,
  protocol: AdapterType,
  step: AdapterStep,
  { shutdownTimeout }: DittoServerSpec,
): Promise<unknown> {
  // An answer comes only when the connections of its clients have ended.
  const options = { timeoutMs: 10_000 + 1000 * secondsOf(shutdownTimeout) };
  const { adapters } = client;
  switch (step.act) {
    case "settings":
      return protocol === "nfs"
        ? adapters.nfsSettings.patch(step.patch)
        : adapters.smbSettings.patch(step.patch);
    case "create":
      return adapters.create(protocol, step.fields, options);
    case "update":
      return adapters.update(protocol, step.fields, options);
  }
}

/** Whether every protocol that is on is served; without rows what the spec says is on. */
async function judge(
  visit: Visit,
  rows: readonly Adapter[] | undefined,
  startingForMs: number,
): Promise<Pick<AdaptersReport, "notServing"> & { readonly finding: Finding | undefined }> {
  const { spec } = visit.server;
  const on = servedProtocols(spec).filter((protocol) =>
    rows === undefined || rowOf(rows, protocol)?.enabled
  );
  const verdicts = await Promise.all(on.map(async (protocol) => {
    const { dial, clock } = visit.context;
    const { names, namespace } = visit.server;
    const host = `${names.adapterService(protocol)}.${namespace}.svc`;
    const listening = await listensAt(dial, clock, host, spec.adapters[protocol].servicePort);
    return verdict(protocol, spec, listening, rows && rowOf(rows, protocol));
  }));
  const silent = verdicts.filter((verdict) => verdict !== "serves" && verdict !== "unknown");
  if (silent.length > 0) {
    const message = silent.join("; ");
    const reason = startingForMs < STARTS_WITHIN_MS ? "Applying" : "NotListening";
    return { finding: { reason, message }, notServing: { reason, message } };
  }
  if (verdicts.includes("unknown")) {
    const message =
      "Whether files are served cannot be seen from here: the server does not let the operator in, and its Services do not answer either";
    return { finding: { reason: "NotListening", message, unknown: true }, notServing: undefined };
  }
  return { finding: undefined, notServing: undefined };
}

/** `serves`, `unknown`, or what is wrong. */
function verdict(
  protocol: AdapterType,
  spec: DittoServerSpec,
  listening: Listening,
  row: Adapter | undefined,
): string {
  if (listening === "open") return "serves";
  const name = protocol.toUpperCase();
  if (!row) {
    return listening === "unknown" ? "unknown" : `nothing answers on the Service for ${name}`;
  }
  const { port = LISTENS[protocol] } = spec.adapters[protocol];
  const actual = portOf(protocol, row.port);
  if (actual !== port) {
    return `the server has ${name} on port ${actual}, and its Service leads to ${port}; set spec.adapters.${protocol}.port to ${actual}`;
  }
  if (row.status.status === "healthy") return "serves";
  const { message } = row.status;
  return `${name} is switched on and does not listen on port ${port}${message && `: ${message}`}`;
}

function rowOf(rows: readonly Adapter[], protocol: AdapterType): Adapter | undefined {
  return rows.find(({ type }) => type === protocol);
}
