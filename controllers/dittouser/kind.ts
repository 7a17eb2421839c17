// Users, as far as they differ from groups: they have a password, and are in groups.

import { DITTO_USER_CONDITIONS } from "../../api/conditions.ts";
import { defaultedUser, type DittoUser, type DittoUserSpec } from "../../api/dittouser.ts";
import type { AccountKind } from "../accounts/kind.ts";
import { type Listing, Rows } from "../accounts/listing.ts";
import type { Pass } from "../accounts/pass.ts";
import { ACCOUNT } from "../connections/credentials.ts";
import type { RandomBytes } from "../dittoserver/secrets.ts";
import { type GroupRow, groupRow } from "../dittogroup/group.ts";
import { UserLook } from "./look.ts";
import { passwordOf, type PasswordSource } from "./password.ts";
import { userNameOf, userNumberOf, type UserRow, userRow } from "./user.ts";

/** What users need besides. */
export interface UserNeeds extends PasswordSource {
  readonly groups: Listing<GroupRow>;
  readonly randomBytes: RandomBytes;
}

/** The first administrator, and we ourselves. */
const RESERVED = new Set(["admin", ACCOUNT]);

/** The kind. */
export function userKind(needs: UserNeeds): AccountKind<DittoUser, UserRow> {
  return {
    kind: "DittoUser",
    noun: "user",
    finalizer: "dittofs.dittofs.com/user",
    table: DITTO_USER_CONDITIONS,
    reserved: RESERVED,
    number: "uid",
    nameOf: userNameOf,
    numberOf: userNumberOf,
    read({ spec }) {
      const { data, error } = defaultedUser(spec);
      return data ? { spec: data, look: (pass) => lookAt(needs, pass, data) } : { fault: error };
    },
    list: async ({ users }) => (await users.list()).map(userRow),
    async find({ users }, name) {
      const user = await users.get(name);
      return user && userRow(user);
    },
    remove: ({ users }, id) => users.delete(id),
    // Whoever may do more on the server than use files is looked after by a person.
    unfit: ({ role }) => role === "user" ? undefined : `it has the role ${role} there`,
    statusOf: (username, { account, password }, { conditions, ...judgement }) => ({
      ...judgement,
      username,
      ...(account && { account }),
      ...(password && { password }),
      conditions,
    }),
  };
}

async function lookAt(
  { api, secrets, groups, randomBytes }: UserNeeds,
  pass: Pass<DittoUser, UserRow>,
  spec: DittoUserSpec,
): Promise<UserLook> {
  const { client, serverKey, resource } = pass;
  const namespace = resource.metadata.namespace ?? "";
  const list = async () => (await client.groups.list()).map(groupRow);
  return new UserLook(pass, {
    ...{ spec, randomBytes },
    password: (noted) => passwordOf({ api, secrets }, namespace, spec, noted),
    groups: spec.groups.length === 0 ? new Rows() : await groups.of(serverKey, list),
  });
}
