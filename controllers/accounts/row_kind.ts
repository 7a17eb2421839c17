// Rows in a server's database: users or groups.

import type { Conditions } from "../../api/condition_reasons.ts";
import type { DittofsClient } from "../../dittofs/client.ts";
import type { Judgement } from "../rest/judgement.ts";
import type { Row } from "./mark.ts";
import type { AccountNoun, AccountResource, Notes } from "./resource.ts";

/** What the rows of one of the two kinds are, and how they are reached. */
export interface RowKind<T extends AccountResource, R extends Row> {
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
  list(client: DittofsClient): Promise<readonly R[]>;
  /** By name. */
  find(client: DittofsClient, name: string): Promise<R | undefined>;
  /** By id, so that it cannot be another one of the same name. */
  remove(client: DittofsClient, id: string): Promise<boolean>;
  /** Why an existing row cannot be taken over, if it cannot. */
  unfit(row: R): string | undefined;
  statusOf(name: string, notes: Notes, judgement: Judgement): NonNullable<T["status"]>;
}
