// What a DittoUser and a DittoGroup have in common: what is written about them, and what is noted.

import type { Condition } from "../../api/dittoserver/status.ts";
import type { KubernetesObject } from "../../kube/object.ts";
import type { ServerRef } from "../rest/server_ref.ts";

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
