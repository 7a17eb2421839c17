// One look at one user of a server: makes them, and puts right what differs.
//
// Fields are changed by id, so that the row cannot be another one of the same name. Groups and
// password the server knows by name alone; there the row is looked at just before.

import type { DittoUser, DittoUserSpec } from "../../api/dittouser.ts";
import { classify } from "../../kube/errors.ts";
import { changedText, isNumberTaken, putOrTell } from "../accounts/changes.ts";
import type { AccountLook, Made } from "../accounts/kind.ts";
import type { PasswordNote } from "../accounts/resource.ts";
import type { Rows } from "../accounts/listing.ts";
import type { Pass } from "../accounts/pass.ts";
import type { RandomBytes } from "../dittoserver/secrets.ts";
import type { GroupRow } from "../dittogroup/group.ts";
import type { Password } from "./password.ts";
import {
  groupChange,
  type Membership,
  membershipOf,
  userChanges,
  type UserRow,
  userRow,
} from "./user.ts";

/** Bytes of a password that nobody is to know; as text they are 64 characters. */
const RANDOM_BYTES = 48;

/** What is found out before a look. */
export interface Known {
  readonly spec: DittoUserSpec;
  /** What is to become of the password, where this is what was set last. */
  readonly password: (noted: PasswordNote | undefined) => Promise<Password>;
  /** The groups of the server; none if the user is to be in none. */
  readonly groups: Rows<GroupRow>;
  readonly randomBytes: RandomBytes;
}

/** A look at one user. */
export class UserLook implements AccountLook<UserRow> {
  readonly #membership: Membership;

  constructor(readonly pass: Pass<DittoUser, UserRow>, readonly known: Known) {
    this.#membership = membershipOf(known.spec, known.groups);
  }

  async mayMake(): Promise<boolean> {
    return !await this.#isTaken();
  }

  async make(): Promise<Made<UserRow>> {
    const { pass: { name, mark, client }, known: { spec, password, randomBytes } } = this;
    const { uid, gid, enabled } = spec;
    // The server makes every new user enabled, whatever it is asked for; until that is put right
    // nobody must know the password of one that is to be disabled.
    const found = enabled ? await password(undefined) : undefined;
    const known = found?.state === "new" ? found : undefined;
    const made = await client.users.create({
      username: name,
      password: known?.text ?? randomBytes(RANDOM_BYTES).toBase64(),
      displayName: mark,
      groups: this.#membership.there,
      ...(uid !== undefined && { uid }),
      ...(gid !== undefined && { gid }),
    });
    return { row: userRow(made), password: known?.note };
  }

  async putRight(row: UserRow): Promise<void> {
    const { pass, known: { spec } } = this;
    const { uid, ...others } = userChanges(row, spec, pass.mark);
    const changes = uid === undefined || await this.#isTaken(row) ? others : { ...others, uid };
    const groups = groupChange(row, this.#membership);
    const finished = row.text !== pass.mark;
    await putOrTell(pass, row, changedText(row, { ...changes, ...groups }), async () => {
      if (Object.keys(changes).length > 0) {
        pass.saw(userRow(await pass.client.users.update(row.id, changes)));
      }
      if (groups.groups) {
        await pass.fresh(row);
        pass.saw(userRow(await pass.client.users.update(row.name, groups)));
      }
    });
    this.#tellMissing();
    await pass.attempt("PasswordReady", () => this.#setPassword(row, finished));
  }

  #isTaken(own?: UserRow): Promise<boolean> {
    return isNumberTaken(this.pass, own);
  }

  #tellMissing(): void {
    const { missing } = this.#membership;
    if (missing.length === 0) return;
    const which = missing.map((name) => `"${name}"`).join(", ");
    const message = `${this.pass.title} is to be in ${
      missing.length > 1 ? `the groups ${which}, which are` : `the group ${which}, which is`
    } not on the server`;
    this.pass.problems.push({
      ...{ aspect: "AccountReady", reason: "GroupNotFound", message, stalled: false },
    });
  }

  async #setPassword(row: UserRow, finished: boolean): Promise<void> {
    const { pass } = this;
    const password = await this.known.password(pass.notes.password);
    switch (password.state) {
      case "unknown":
        pass.notes = { account: pass.notes.account };
        pass.inOrder.PasswordReady = { reason: "Unknown" };
        return;
      case "lacking": {
        const { reason, message, error } = password;
        const stalled = error === undefined || classify(error) === "forbidden";
        pass.problems.push({ aspect: "PasswordReady", reason, message, stalled, error });
        return;
      }
      case "new":
        if (finished && pass.spec.management === "Report") {
          const message =
            `${pass.title} does not get the password in the Secret: spec.management is Report`;
          pass.problems.push({
            ...{ aspect: "PasswordReady", reason: "Waiting", message, stalled: false, aside: true },
          });
          return;
        }
        await pass.fresh(row);
        await pass.client.users.setPassword(row.name, password.text);
        pass.notes = { ...pass.notes, password: password.note };
        break;
      case "set":
    }
    pass.inOrder.PasswordReady = { reason: "Set" };
  }
}
