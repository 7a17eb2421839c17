// What users and groups of a server have in common, and where they differ.
//
// Both are rows in the server's database, made over REST for a resource of ours. Whose a row is,
// who gets a name, what becomes of it at the end and how all that is told is the same for both.

import type * as z from "zod";
import type { Row } from "./mark.ts";
import type { Pass } from "./pass.ts";
import type { AccountResource, AccountSpec, PasswordNote } from "./resource.ts";
import type { RowKind } from "./row_kind.ts";

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
export interface AccountKind<T extends AccountResource, R extends Row> extends RowKind<T, R> {
  /** Understands a resource's spec, or says what is wrong with it. */
  read(resource: T): Understood<T, R> | { readonly fault: z.ZodError };
}
