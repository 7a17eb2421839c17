// Writes the status of a share, and tells of its change in an event.

import { DITTO_SHARE_CONDITIONS, type ShareAspect } from "../../api/conditions.ts";
import type { DittoShare, DittoShareStatus } from "../../api/dittoshare.ts";
import { keyOf, type Live } from "../../kube/object.ts";
import { dittoShares } from "../kinds.ts";
import { happeningOf, tooLongInMs } from "../kstatus.ts";
import { judge } from "../rest/judgement.ts";
import type { Problem } from "../rest/problem.ts";
import type { ShareContext } from "./context.ts";
import { endpointsOf } from "./endpoints.ts";
import type { Noted, Pass } from "./pass.ts";
import type { Share } from "./share.ts";
import { claimNameOf } from "./volume.ts";
import { follow } from "../rest/server_ref.ts";

/** What Ready says when nothing is in its way. */
function good({ shareName }: Share) {
  return { reason: "Serving", message: `Clients can use share "${shareName}"` };
}

/** Reports what a look has made or found. */
export async function report(pass: Pass, deleting = false): Promise<void> {
  const { context, share, problems, noted } = pass;
  const resource = asLastWritten(context, pass.resource);
  const lead = follow(resource, context.servers.servers.cache);
  // Where a server is, is nobody's business whom it does not let in.
  const server = lead.to === "server" ? lead.resource : undefined;
  const claim = claimNameOf(share);
  const now = context.clock.now();
  const judgement = judge(DITTO_SHARE_CONDITIONS, {
    ...{ problems, deleting, good: good(share) },
    inOrder: deleting ? {} : { ...waiting(pass), ...pass.inOrder },
    previous: resource.status?.conditions ?? [],
    generation: resource.metadata.generation,
    now: new Date(now),
  });
  const afterMs = tooLongInMs(DITTO_SHARE_CONDITIONS, judgement.conditions, now);
  if (afterMs !== undefined) pass.waits.push({ afterMs, reason: "it may take too long" });
  await write(context, resource, {
    ...endpointsOf(share, server?.status),
    ...(claim !== undefined && !deleting && { persistentVolumeClaim: claim }),
    ...withManaged(pass, noted),
    ...judgement,
  });
}

/** Reports that the spec cannot be used. All else stays as it was, and as it was said to be. */
export async function reportInvalid(
  context: ShareContext,
  resource: Live<DittoShare>,
  message: string,
): Promise<void> {
  const problem: Problem = { reason: "InvalidSpec", message, stalled: true };
  await write(context, resource, {
    ...resource.status,
    ...judge(DITTO_SHARE_CONDITIONS, {
      ...{ problems: [problem], inOrder: "asSaid", good: { reason: "Serving", message: "" } },
      deleting: resource.metadata.deletionTimestamp !== undefined,
      previous: resource.status?.conditions ?? [],
      generation: resource.metadata.generation,
      now: new Date(context.clock.now()),
    }),
  });
}

/** What the aspects say that were not looked at, because something else is not in order. */
function waiting({ share: { spec }, problems }: Pass) {
  const aspects: ShareAspect[] = [
    "StoresReady",
    "Serving",
    ...(spec.grants ? ["GrantsReady" as const] : []),
    ...(spec.quotas ? ["QuotasReady" as const] : []),
    ...(spec.snapshotPolicy ? ["SnapshotPolicyReady" as const] : []),
  ];
  if (problems.every(({ aside }) => aside)) return {};
  return Object.fromEntries(aspects.map((aspect) => [aspect, { reason: "Waiting" }]));
}

/** The optional parts of the spec that the server has, or may still have. */
function withManaged(pass: Pass, noted: Noted): Noted {
  const { share: { spec }, inOrder } = pass;
  const { managed: before = [], ...rest } = noted;
  const aspectOf = {
    grants: "GrantsReady",
    quotas: "QuotasReady",
    snapshotPolicy: "SnapshotPolicyReady",
  } as const;
  const managed = (["grants", "quotas", "snapshotPolicy"] as const).filter((part) => {
    const aspect = aspectOf[part];
    const looked = inOrder[aspect] !== undefined || pass.has(aspect);
    if (spec[part]) return before.includes(part) || looked;
    // It left the spec: it stays noted until it has been removed without a problem.
    return before.includes(part) && (!pass.looked || pass.has(aspect));
  });
  return { ...rest, ...(managed.length > 0 && { managed }) };
}

/** The resource that was looked at, with the status that a look may have written meanwhile. */
function asLastWritten({ kinds }: ShareContext, resource: Live<DittoShare>): Live<DittoShare> {
  const now = kinds.shares.cache.get(keyOf(resource));
  return now?.status && now.metadata.uid === resource.metadata.uid
    ? { ...resource, status: now.status }
    : resource;
}

async function write(
  { kinds, writer, events }: ShareContext,
  resource: Live<DittoShare>,
  status: DittoShareStatus,
): Promise<void> {
  if (!await writer.applyStatus(kinds.shares, resource, status)) return;
  const before = resource.status?.conditions;
  const happening = happeningOf(DITTO_SHARE_CONDITIONS, before, status.conditions ?? []);
  if (happening) await events.publish(dittoShares, resource, happening);
}
