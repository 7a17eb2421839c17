// Groups, as far as they differ from users. Who is in a group is said by the users.

import { DITTO_GROUP_CONDITIONS } from "../../api/conditions.ts";
import { defaultedGroup, type DittoGroup, type DittoGroupSpec } from "../../api/dittogroup.ts";
import { changedText, isNumberTaken, putOrTell } from "../accounts/changes.ts";
import type { AccountKind, AccountLook } from "../accounts/kind.ts";
import type { Pass } from "../accounts/pass.ts";
import { groupChanges, groupNameOf, type GroupRow, groupRow } from "./group.ts";

/** The groups that every server has, and makes again at each start. */
const OF_THE_SERVER = new Set(["admins", "operators", "users"]);

export const groupKind: AccountKind<DittoGroup, GroupRow> = {
  kind: "DittoGroup",
  noun: "group",
  finalizer: "dittofs.dittofs.com/group",
  table: DITTO_GROUP_CONDITIONS,
  reserved: OF_THE_SERVER,
  number: "gid",
  nameOf: groupNameOf,
  numberOf: ({ spec }) => spec.gid,
  read({ spec }) {
    const { data, error } = defaultedGroup(spec);
    if (!data) return { fault: error };
    return { spec: data, look: (pass) => Promise.resolve(lookAt(pass, data)) };
  },
  list: async ({ groups }) => (await groups.list()).map(groupRow),
  async find({ groups }, name) {
    const group = await groups.get(name);
    return group && groupRow(group);
  },
  remove: ({ groups }, id) => groups.delete(id),
  unfit: () => undefined,
  statusOf: (groupName, { account }, { conditions, ...judgement }) => ({
    ...judgement,
    groupName,
    ...(account && { account }),
    conditions,
  }),
};

function lookAt(pass: Pass<DittoGroup, GroupRow>, spec: DittoGroupSpec): AccountLook<GroupRow> {
  const { name, mark } = pass;
  const taken = (own?: GroupRow) => isNumberTaken(pass, own);
  return {
    mayMake: async () => !await taken(),
    async make() {
      const { gid } = spec;
      const { groups } = pass.client;
      const made = await groups.create({ name, description: mark, ...(gid && { gid }) });
      return { row: groupRow(made) };
    },
    async putRight(row) {
      const { gid, ...others } = groupChanges(row, spec, mark);
      const changes = gid === undefined || await taken(row) ? others : { gid, ...others };
      await putOrTell(pass, row, changedText(row, changes), async () => {
        if (Object.keys(changes).length === 0) return;
        pass.saw(groupRow(await pass.client.groups.update(row.id, changes)));
      });
    },
  };
}
