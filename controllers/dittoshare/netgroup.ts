// The NFS clients that may mount a share.
//
// The server knows clients by netgroups: named lists that shares refer to. A share with
// `allowedClients` gets one of its own. It is complete before the share refers to it, and goes
// only when the share does no more.

import type { Netgroup, NetgroupMember, NewNetgroupMember } from "../../dittofs/netgroups.ts";

/** A client of `allowedClients` as a member of a netgroup. */
export function memberOf(client: string): NewNetgroupMember {
  if (client.includes("/")) return { type: "cidr", value: client };
  const isIp = client.includes(":") || /^[0-9]+([.][0-9]+){3}$/.test(client);
  return { type: isIp ? "ip" : "hostname", value: client };
}

/** What has to be done so that a netgroup has exactly these clients. */
export function memberChanges(
  netgroup: Netgroup,
  clients: readonly string[],
): { readonly add: readonly NewNetgroupMember[]; readonly remove: readonly NetgroupMember[] } {
  // The server would make two members of one client.
  const wanted = [...new Set(clients)].map(memberOf);
  const alike = (a: NewNetgroupMember) => (b: { type: string; value: string }) =>
    a.type === b.type && a.value === b.value;
  const kept = new Set(
    wanted.flatMap((member) => netgroup.members.find(alike(member)) ?? []).map(({ id }) => id),
  );
  return {
    add: wanted.filter((member) => !netgroup.members.some(alike(member))),
    remove: netgroup.members.filter(({ id }) => !kept.has(id)),
  };
}
