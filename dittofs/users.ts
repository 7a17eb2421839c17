// Users of the server: for its files, and with another role for its API.

import * as z from "zod";
import type { CallOptions, Requests } from "./requests.ts";
import { segment } from "./segment.ts";
import { inServerNames, wireList, wireObject } from "./wire.ts";

/** The schema of {@link User}. */
export const wireUser = wireObject({
  displayName: z.string().default(""),
  email: z.string().default(""),
  enabled: z.boolean(),
  gid: z.number().optional(),
  groups: wireList(z.string()),
  id: z.string(),
  mustChangePassword: z.boolean(),
  role: z.string(),
  uid: z.number().optional(),
  username: z.string(),
});

/** A user as the server has it. */
export type User = z.output<typeof wireUser>;

/** What can be said of a user at any time. What is left out stays, or gets the default. */
export interface UserFields {
  readonly displayName?: string;
  readonly email?: string;
  readonly enabled?: boolean;
  /** Once set it can be changed, never removed. */
  readonly gid?: number;
  /** All groups of the user; each must exist. */
  readonly groups?: readonly string[];
  readonly role?: "user" | "operator" | "admin";
  /** Once set it can be changed, never removed. */
  readonly uid?: number;
}

/** A user to be made. One of role admin must change this password before anything else. */
export interface NewUser extends UserFields {
  readonly username: string;
  /** 8 to 72 characters; another length is answered with 500. */
  readonly password: string;
}

const list = z.array(wireUser);

/** `/users` */
export class Users {
  constructor(private readonly requests: Requests) {}

  list(options: CallOptions = {}): Promise<User[]> {
    return this.requests.ask(list, { ...options, method: "GET", path: "/users" });
  }

  get(username: string, options: CallOptions = {}): Promise<User | undefined> {
    return this.requests.find(wireUser, { ...options, method: "GET", path: pathOf(username) });
  }

  create(user: NewUser, options: CallOptions = {}): Promise<User> {
    const body = inServerNames(user);
    return this.requests.ask(wireUser, { ...options, body, method: "POST", path: "/users" });
  }

  update(username: string, fields: UserFields, options: CallOptions = {}): Promise<User> {
    const body = inServerNames(fields);
    return this.requests.ask(wireUser, { ...options, body, method: "PUT", path: pathOf(username) });
  }

  delete(username: string, options: CallOptions = {}): Promise<boolean> {
    return this.requests.remove(pathOf(username), options);
  }

  /** A user of role admin must change it before anything else. */
  setPassword(username: string, password: string, options: CallOptions = {}): Promise<void> {
    const body = { new_password: password };
    const path = `${pathOf(username)}/password`;
    return this.requests.tell({ ...options, body, method: "POST", path });
  }
}

function pathOf(username: string): string {
  return `/users/${segment(username)}`;
}
