// Gets hold of the row on the server that a resource is about: the one that is ours, a new one, or
// one of somebody else that is to be taken over.
//
// The order is what makes a crash harmless. The finalizer is on the resource before a row can be
// ours; a new row has our mark until its id is noted; and only a row whose id is noted is ever
// changed.

import { hold, isHeld } from "../rest/finalizer.ts";
import type { AccountLook, Made } from "./kind.ts";
import type { AccountResource } from "./resource.ts";
import { findRow, type Row } from "./mark.ts";
import type { Pass } from "./pass.ts";
import { noteDown } from "./report.ts";

/** Our row; undefined if there is none, which is then told. */
export async function claim<T extends AccountResource, R extends Row>(
  pass: Pass<T, R>,
  look: AccountLook<R>,
): Promise<R | undefined> {
  const { name, mark, notes, spec } = pass;
  const found = findRow(await pass.rows(), { name, mark, id: notes.account?.id });
  switch (found.whose) {
    case "ours":
      return found.row;
    case "unnoted":
      return await noted(pass, { row: found.row });
    case "foreign": {
      const obstacle = spec.adopt
        ? pass.kind.unfit(found.row)
        : "it was not made for this resource";
      if (obstacle === undefined) return await noted(pass, { row: found.row });
      pass.problems.push({
        aspect: "AccountReady",
        reason: "NotOurs",
        message: `${pass.title} is on the server already and left as it is: ${obstacle}${
          spec.adopt ? "" : "; set spec.adopt to true to take it over, or choose another name"
        }`,
        stalled: true,
      });
      return undefined;
    }
    case "nobody":
      return await remade(pass, look);
  }
}

/** Makes the row, for the first time or again. */
async function remade<T extends AccountResource, R extends Row>(
  pass: Pass<T, R>,
  look: AccountLook<R>,
): Promise<R | undefined> {
  if (pass.notes.account?.id !== undefined) {
    if (pass.spec.management === "Report") {
      const message = `${pass.title} is not on the server any more`;
      pass.problems.push({ aspect: "AccountReady", reason: "Differs", message, stalled: true });
      return undefined;
    }
  }
  if (!await look.mayMake()) return undefined;
  await held(pass);
  const made = await look.make();
  if (pass.notes.account?.id !== undefined) {
    pass.context.drifted(`${pass.title} was not there any more`);
  }
  return await noted(pass, made);
}

/** Notes that a row is ours. A password that was set at another row is not this one's. */
async function noted<T extends AccountResource, R extends Row>(
  pass: Pass<T, R>,
  { row, password }: Made<R>,
): Promise<R> {
  await held(pass);
  pass.saw(row);
  const { serverUid: server, name } = pass;
  pass.notes = { account: { server, name, number: row.number, id: row.id }, password };
  await noteDown(pass);
  return row;
}

async function held<T extends AccountResource, R extends Row>(
  pass: Pass<T, R>,
): Promise<void> {
  const { kind: { finalizer }, context: { writer, tracked } } = pass;
  if (isHeld(pass.resource, finalizer)) return;
  pass.resource = await hold(writer, tracked, pass.resource, finalizer);
}
