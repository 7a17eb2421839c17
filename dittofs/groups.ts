// Groups of users.

import * as z from "zod";
import type { CallOptions, Requests } from "./requests.ts";
import { segment } from "./segment.ts";
import { inServerNames, wireList, wireObject } from "./wire.ts";

const group = wireObject({
  description: z.string().default(""),
  gid: z.number().optional(),
  id: z.string(),
  members: wireList(z.string()),
  name: z.string(),
});

const member = wireObject({ username: z.string() });
const list = z.array(group);
const members = wireList(member);

/** A group as the server has it. */
export type Group = z.output<typeof group>;

/** What can be said of a group at any time. What is left out stays. */
export interface GroupFields {
  readonly description?: string;
  /** Once set it can be changed, never removed. 0 reads as none when a group is made. */
  readonly gid?: number;
}

/** A group to be made. */
export interface NewGroup extends GroupFields {
  readonly name: string;
}

/** `/groups` */
export class Groups {
  constructor(private readonly requests: Requests) {}

  list(options: CallOptions = {}): Promise<Group[]> {
    return this.requests.ask(list, { ...options, method: "GET", path: "/groups" });
  }

  get(name: string, options: CallOptions = {}): Promise<Group | undefined> {
    return this.requests.find(group, { ...options, method: "GET", path: pathOf(name) });
  }

  create(fields: NewGroup, options: CallOptions = {}): Promise<Group> {
    const body = inServerNames(fields);
    return this.requests.ask(group, { ...options, body, method: "POST", path: "/groups" });
  }

  update(name: string, fields: GroupFields, options: CallOptions = {}): Promise<Group> {
    const body = inServerNames(fields);
    return this.requests.ask(group, { ...options, body, method: "PUT", path: pathOf(name) });
  }

  /** The server keeps its own groups: `admins`, `operators` and `users` are 403. */
  delete(name: string, options: CallOptions = {}): Promise<boolean> {
    return this.requests.remove(pathOf(name), options);
  }

  /** Names of the members; undefined when there is no such group. */
  async listMembers(name: string, options: CallOptions = {}): Promise<string[] | undefined> {
    const path = `${pathOf(name)}/members`;
    const found = await this.requests.find(members, { ...options, method: "GET", path });
    return found?.map(({ username }) => username);
  }

  addMember(name: string, username: string, options: CallOptions = {}): Promise<void> {
    const path = `${pathOf(name)}/members`;
    return this.requests.tell({ ...options, body: { username }, method: "POST", path });
  }

  removeMember(name: string, username: string, options: CallOptions = {}): Promise<boolean> {
    return this.requests.remove(`${pathOf(name)}/members/${segment(username)}`, options);
  }
}

function pathOf(name: string): string {
  return `/groups/${segment(name)}`;
}
