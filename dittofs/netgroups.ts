// Named sets of NFS clients. A share that names one can be mounted by its members only.

import * as z from "zod";
import type { CallOptions, Requests } from "./requests.ts";
import { segment } from "./segment.ts";
import { wireList, wireObject } from "./wire.ts";

const member = wireObject({ id: z.string(), type: z.string(), value: z.string() });
const netgroup = wireObject({ members: wireList(member), name: z.string() });
const list = z.array(netgroup);

/** A netgroup as the server has it. */
export type Netgroup = z.output<typeof netgroup>;

/** A member as the server has it. */
export type NetgroupMember = z.output<typeof member>;

/** A client, or many, to be made a member. */
export interface NewNetgroupMember {
  readonly type: "ip" | "cidr" | "hostname";
  readonly value: string;
}

const PATH = "/adapters/nfs/netgroups";

/** `/adapters/nfs/netgroups` */
export class Netgroups {
  constructor(private readonly requests: Requests) {}

  list(options: CallOptions = {}): Promise<Netgroup[]> {
    return this.requests.ask(list, { ...options, method: "GET", path: PATH });
  }

  get(name: string, options: CallOptions = {}): Promise<Netgroup | undefined> {
    return this.requests.find(netgroup, { ...options, method: "GET", path: pathOf(name) });
  }

  create(name: string, options: CallOptions = {}): Promise<Netgroup> {
    return this.requests.ask(netgroup, { ...options, body: { name }, method: "POST", path: PATH });
  }

  /** Throws a `ServerError` of 409 while a share names it. */
  delete(name: string, options: CallOptions = {}): Promise<boolean> {
    return this.requests.remove(pathOf(name), options);
  }

  addMember(
    name: string,
    { type, value }: NewNetgroupMember,
    options: CallOptions = {},
  ): Promise<NetgroupMember> {
    const body = { type, value };
    const path = `${pathOf(name)}/members`;
    return this.requests.ask(member, { ...options, body, method: "POST", path });
  }

  /** @param id the member's `id` */
  removeMember(name: string, id: string, options: CallOptions = {}): Promise<boolean> {
    return this.requests.remove(`${pathOf(name)}/members/${segment(id)}`, options);
  }
}

function pathOf(name: string): string {
  return `${PATH}/${segment(name)}`;
}
