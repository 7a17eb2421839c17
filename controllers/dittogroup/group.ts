// A group of the server: as the server has it, as the spec wants it, and what differs.

import type { DittoGroup, DittoGroupSpec } from "../../api/dittogroup.ts";
import type { Group, GroupFields } from "../../dittofs/groups.ts";
import type { Row } from "../accounts/mark.ts";

/** A group of the server; its description may be the mark. */
export type GroupRow = Group & Row;

export const groupRow = (group: Group): GroupRow => ({
  ...{ ...group, number: group.gid, text: group.description },
});

/** Name of a resource's group on the server. */
export const groupNameOf = ({ metadata, spec }: DittoGroup): string =>
  spec.groupName ?? metadata?.name ?? "";

/** What of a group has to be changed. What the spec does not say is nobody's business. */
export function groupChanges(row: GroupRow, spec: DittoGroupSpec, mark: string): GroupFields {
  // The mark has had its time; nobody wants it to stay.
  const description = spec.description ?? (row.description === mark ? "" : undefined);
  return {
    ...(description !== undefined && description !== row.description && { description }),
    ...(spec.gid !== undefined && spec.gid !== row.gid && { gid: spec.gid }),
  };
}
