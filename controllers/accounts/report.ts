// Writes the status of a user or group, and tells of its change in an event.

import type { Outcome } from "../../kube/controller.ts";
import { happeningOf, tooLongInMs } from "../kstatus.ts";
import { judge, type Judgement } from "../rest/judgement.ts";
import type { Problem } from "../rest/problem.ts";
import type { AccountResource } from "./resource.ts";
import type { Row } from "./mark.ts";
import type { Pass } from "./pass.ts";

/** Reports what a look has made or found. Returns when to look again because of that, if ever. */
export async function report<T extends AccountResource, R extends Row>(
  pass: Pass<T, R>,
): Promise<Outcome | undefined> {
  const before = pass.resource.status?.conditions;
  const { resource, kind: { table }, context: { events, tracked, clock } } = pass;
  const judgement = judged(pass, pass.problems);
  const { conditions } = judgement;
  if (await write(pass, judgement)) {
    const happening = happeningOf(table, before, conditions);
    if (happening) await events.publish(tracked.resource, resource, happening);
  }
  const afterMs = tooLongInMs(table, conditions, clock.now());
  return afterMs === undefined
    ? undefined
    : { result: "wait", afterMs, reason: "it may take too long" };
}

/** Writes the notes at once, for what follows must not be done without them. */
export async function noteDown<T extends AccountResource, R extends Row>(
  pass: Pass<T, R>,
): Promise<void> {
  const message = `${pass.title} is being made`;
  const work = { aspect: "AccountReady", reason: "Waiting", message, stalled: false } as const;
  await write(pass, judged(pass, [...pass.problems, work]));
}

function judged<T extends AccountResource, R extends Row>(
  { kind, resource, inOrder: looked, title, serverKey, context }: Pass<T, R>,
  problems: readonly Problem[],
): Judgement {
  // Nothing is looked at whose spec is not understood.
  const inOrder = problems.some(({ reason }) => reason === "InvalidSpec") ? "asSaid" : looked;
  const message = `${title} is on DittoServer "${serverKey}" as wanted`;
  return judge(kind.table, {
    ...{ problems, inOrder, good: { reason: "AsWanted", message } },
    deleting: resource.metadata.deletionTimestamp !== undefined,
    previous: resource.status?.conditions ?? [],
    generation: resource.metadata.generation,
    now: new Date(context.clock.now()),
  });
}

async function write<T extends AccountResource, R extends Row>(
  pass: Pass<T, R>,
  judgement: Judgement,
): Promise<boolean> {
  const { kind, name, notes, context: { writer, tracked } } = pass;
  const status = kind.statusOf(name, notes, judgement);
  const written = await writer.applyStatus(tracked, pass.resource, status);
  pass.refresh();
  return written;
}
