// What users and groups of a server have in common, and where they differ.
//
// Both are rows in the server's database, made over REST for a resource of ours. Whose a row is,
// who gets a name, what becomes of it at the end and how all that is told is the same for both.

import type * as z from "zod";
import type { Conditions } from "../../api/condition_reasons.ts";
import type { Condition } from "../../api/dittoserver/status.ts";
import type { DittofsClient } from "../../dittofs/client.ts";
import type { KubernetesObject } from "../../kube/object.ts";
import type { Judgement } from "../rest/judgement.ts";
import type { ServerRef } from "../rest/server_ref.ts";
import type { Row } from "./mark.ts";
import type { Pass } from "./pass.ts";

/** What the rows are, in messages and metrics. */
export type AccountNoun = "user" | "group";

/** The row that is ours, as the status notes it. */
export interface AccountNote {
  /** UID of the DittoServer. */
  readonly server: string;
  readonly name: string;
  /** The uid or gid that it has been given. */
  readonly number?: number | undefined;
  readonly id?: string | undefined;
}

/** Where the password was read from that was last set. */
export interface PasswordNote {
  readonly secretUID: string;
  readonly resourceVersion: string;
  readonly key: string;
}

/** What has to be remembered between two looks. */
export interface Notes {
  readonly account?: AccountNote | undefined;
  readonly password?: PasswordNote | undefined;
}

/** The part of a spec that both have. */
export interface AccountSpec {
  readonly serverRef: ServerRef;
  readonly adopt: boolean;
  readonly management: "Enforce" | "Report";
}

/** A DittoUser or a DittoGroup. */
export interface AccountResource extends KubernetesObject {
  readonly spec: { readonly serverRef: ServerRef };
  readonly status?: Notes & {
    readonly observedGeneration?: number | undefined;
    readonly conditions?: Condition[] | undefined;
  };
}

/** What is made of nothing. */
export interface Made<R extends Row> {
  readonly row: R;
  /** Its password, if it is the one that the user wants. */
  readonly password?: PasswordNote | undefined;
}

/** One look at a row: what it needs to know has been found out. */
export interface AccountLook<R extends Row> {
  /** Whether nothing is in the way of a new row; else it is told. */
  mayMake(): Promise<boolean>;
  /** Makes a row with the mark. */
  make(): Promise<Made<R>>;
  /** Makes our row be as the spec has it, as far as it may be. */
  putRight(row: R): Promise<void>;
}

/** A spec, and how to go about it. */
export interface Understood<T extends AccountResource, R extends Row> {
  readonly spec: AccountSpec;
  /** Begins a look at a server that can be worked with. */
  look(pass: Pass<T, R>): Promise<AccountLook<R>>;
}

/** One of the two kinds. */
export interface AccountKind<T extends AccountResource, R extends Row> {
  readonly kind: "DittoUser" | "DittoGroup";
  readonly noun: AccountNoun;
  readonly finalizer: string;
  readonly table: Conditions;
  /** Names, in small letters, that the server or we ourselves need for something else. */
  readonly reserved: ReadonlySet<string>;
  /** What the number of a row is called. */
  readonly number: "uid" | "gid";
  /** Name of a resource's row. */
  nameOf(resource: T): string;
  /** The number that a resource wants for its row. */
  numberOf(resource: T): number | undefined;
  /** Understands a resource's spec, or says what is wrong with it. */
  read(resource: T): Understood<T, R> | { readonly fault: z.ZodError };
  list(client: DittofsClient): Promise<readonly R[]>;
  /** By name. */
  find(client: DittofsClient, name: string): Promise<R | undefined>;
  /** By id, so that it cannot be another one of the same name. */
  remove(client: DittofsClient, id: string): Promise<boolean>;
  /** Why an existing row cannot be taken over, if it cannot. */
  unfit(row: R): string | undefined;
  statusOf(name: string, notes: Notes, judgement: Judgement): NonNullable<T["status"]>;
}
