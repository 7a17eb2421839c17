// Makes one user or group of a server true.
//
// Read from top to bottom: who may have the name, is there a server, whose is the row, is it as
// wanted, report. What stands in the way becomes a problem in the status.

import { done, type Outcome } from "../../kube/controller.ts";
import { classify } from "../../kube/errors.ts";
import type { Key } from "../../kube/object.ts";
import { resting } from "../rest/paused.ts";
import { refusalOf } from "../rest/problem.ts";
import { pauseOf, reach } from "../rest/reach.ts";
import { claim } from "./claim.ts";
import { end } from "./end.ts";
import type { AccountKind, Understood } from "./kind.ts";
import type { AccountResource } from "./resource.ts";
import type { Row } from "./mark.ts";
import { type AccountContext, Pass } from "./pass.ts";
import { report } from "./report.ts";
import { nameRivalOf } from "./rivals.ts";

/** Reconciles the user or group of a key. */
export async function reconcileAccount<T extends AccountResource, R extends Row>(
  kind: AccountKind<T, R>,
  context: AccountContext<T, R>,
  key: Key,
): Promise<Outcome> {
  const resource = context.tracked.cache.get(key);
  if (!resource) {
    context.conflicts.forget(key);
    return done;
  }
  const pass = new Pass(kind, context, resource);
  if (resource.metadata.deletionTimestamp) return await end(kind, pass);
  await bringAboutOrConflict(kind, pass);
  context.conflicts.settle(key, pass.problems.map(({ error }) => error));
  const wait = await report(pass);
  const error = pass.problems.find(({ error }) => error !== undefined)?.error;
  if (error !== undefined) throw error;
  if (wait) return wait;
  const stalled = pass.problems.find(({ stalled }) => stalled);
  return stalled ? { result: "stalled", reason: stalled.reason } : done;
}

/** A conflict ends what is being done at once, for it was decided from what is not so any more. */
async function bringAboutOrConflict<T extends AccountResource, R extends Row>(
  kind: AccountKind<T, R>,
  pass: Pass<T, R>,
): Promise<void> {
  try {
    await bringAbout(kind, pass);
  } catch (error) {
    if (classify(error) !== "conflict") throw error;
    pass.problems.push(refusalOf("AccountReady", pass.title, error));
  }
}

async function bringAbout<T extends AccountResource, R extends Row>(
  kind: AccountKind<T, R>,
  pass: Pass<T, R>,
): Promise<void> {
  const understood = understand(kind, pass);
  if (!understood || isTaken(pass)) return;
  const reached = await reach(pass.context, pass.resource);
  if ("problem" in reached) {
    const { problem, inOrder } = pauseOf(pass.resource, pass.context.servers)
      ? resting(pass.resource, reached.problem)
      : { problem: reached.problem, inOrder: {} };
    pass.problems.push(problem);
    Object.assign(pass.inOrder, inOrder);
    return;
  }
  pass.begin(reached.connection, understood.spec);
  await pass.attempt("AccountReady", async () => {
    const look = await understood.look(pass);
    const row = await claim(pass, look);
    if (!row) return;
    pass.inOrder.AccountReady = { reason: "Made" };
    await look.putRight(row);
    await noteNumber(pass);
  });
}

/** Notes the number that our row has now. */
async function noteNumber<T extends AccountResource, R extends Row>(
  pass: Pass<T, R>,
): Promise<void> {
  const { account } = pass.notes;
  const row = account?.id === undefined ? undefined : (await pass.rows()).byId(account.id);
  if (account && row) pass.notes = { ...pass.notes, account: { ...account, number: row.number } };
}

/** The spec as it is understood; undefined if it is not, which is then told. */
function understand<T extends AccountResource, R extends Row>(
  kind: AccountKind<T, R>,
  { resource, name, problems, title }: Pass<T, R>,
): Understood<T, R> | undefined {
  const read = kind.read(resource);
  const invalid = (message: string) =>
    void problems.push({ reason: "InvalidSpec", message, stalled: true });
  if ("fault" in read) {
    const { issues } = read.fault;
    invalid(
      issues.map(({ path, message }) => `${["spec", ...path].join(".")}: ${message}`).join("; "),
    );
    return undefined;
  }
  if (kind.reserved.has(name.toLowerCase())) {
    invalid(`${title} belongs to the server itself; choose another name`);
    return undefined;
  }
  return read;
}

/** Whether another resource has the name, which is then told. */
function isTaken<T extends AccountResource, R extends Row>(pass: Pass<T, R>): boolean {
  const { title, problems } = pass;
  const rival = nameRivalOf(pass);
  if (rival === undefined) return false;
  const message = `${title} is that of ${rival}; delete one of the two`;
  problems.push({ aspect: "AccountReady", reason: "NameTaken", message, stalled: true });
  return true;
}
