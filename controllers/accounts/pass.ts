// One look at one user or group: what is known so far, and what is wrong.

import type { Writer } from "../../kube/apply.ts";
import type { Clock } from "../../kube/clock.ts";
import { type Classified, classify } from "../../kube/errors.ts";
import type { EventRecorder } from "../../kube/events.ts";
import { type Key, keyOf, type Live } from "../../kube/object.ts";
import type { Patchable } from "../../kube/tracked.ts";
import type { Conflicts } from "../conflicts.ts";
import type { Connection } from "../connections/connections.ts";
import {
  ClientCertificateMissingError,
  LoginRefusedError,
  NotServingError,
} from "../connections/errors.ts";
import { ServerUnreachableError } from "../../dittofs/errors.ts";
import { type Problem, refusalOf } from "../rest/problem.ts";
import { type Reaching, unreachedBy } from "../rest/reach.ts";
import { serverKeyOf } from "../rest/server_ref.ts";
import type { Listing, Rows } from "./listing.ts";
import { markOf, type Row } from "./mark.ts";
import type { AccountResource, AccountSpec, Notes } from "./resource.ts";
import type { RowKind } from "./row_kind.ts";

/** What reconciling a user or a group needs besides the key. */
export interface AccountContext<T extends AccountResource, R extends Row> extends Reaching {
  readonly tracked: Patchable<T>;
  readonly listing: Listing<R>;
  readonly writer: Writer;
  readonly events: Pick<EventRecorder, "publish">;
  readonly clock: Clock;
  readonly conflicts: Conflicts;
  /** Is told what somebody has changed on the server of what our spec says. */
  readonly drifted: (differences: string) => void;
}

/** What was believed of the server is not so any more. */
export class OutOfDateError extends Error implements Classified {
  override readonly name = "OutOfDateError";
  readonly errorClass = "conflict";
}

/** The aspects of a user or group. */
export type AccountAspect = "ServerReady" | "AccountReady" | "PasswordReady";

/** One look. */
export class Pass<T extends AccountResource, R extends Row> {
  readonly problems: Problem<AccountAspect>[] = [];
  /** What the aspects say that have no problem. */
  readonly inOrder: Partial<Record<AccountAspect, { reason: string; message?: string }>> = {
    AccountReady: { reason: "Waiting" },
    PasswordReady: { reason: "Waiting" },
  };
  readonly name: string;
  readonly serverKey: Key;
  /** What a row of ours is born with. */
  readonly mark: string;
  /** The resource as it was last written. */
  resource: Live<T>;
  notes: Notes;
  #reached: { readonly connection: Connection; readonly spec: AccountSpec } | undefined;

  constructor(
    readonly kind: RowKind<T, R>,
    readonly context: AccountContext<T, R>,
    resource: Live<T>,
  ) {
    this.resource = resource;
    this.notes = resource.status ?? {};
    this.name = kind.nameOf(resource);
    this.serverKey = serverKeyOf(resource);
    this.mark = markOf(kind.kind, resource.metadata.uid);
  }

  /** What it is, for messages: `User "alice"`. */
  get title(): string {
    const { noun } = this.kind;
    return `${noun[0]?.toUpperCase()}${noun.slice(1)} "${this.name}"`;
  }

  /** The server can be worked with. */
  begin(connection: Connection, spec: AccountSpec): void {
    this.#reached = { connection, spec };
    this.inOrder.ServerReady = { reason: "Connected" };
  }

  get client(): Connection["client"] {
    return this.#begun().connection.client;
  }

  /** UID of the server. */
  get serverUid(): string {
    return this.#begun().connection.resource.metadata.uid;
  }

  get spec(): AccountSpec {
    return this.#begun().spec;
  }

  /** Whether everything was as this very spec wants it when it was last looked at. */
  get wasAsWanted(): boolean {
    const { metadata, status } = this.resource;
    return status?.observedGeneration === metadata.generation &&
      (status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") ??
        false);
  }

  /** All rows of the server, ours and those of others. */
  rows(): Promise<Rows<R>> {
    const { listing } = this.context;
    return listing.of(this.serverKey, () => this.kind.list(this.client));
  }

  /** Notes a row that was made or changed. */
  saw(row: R): R {
    this.context.listing.put(this.serverKey, row);
    return row;
  }

  /**
   * Our row as it is at this moment: for a write that the server knows by the name alone.
   *
   * @throws {OutOfDateError} if the name is not our row's any more
   */
  async fresh(row: R): Promise<R> {
    const now = await this.kind.find(this.client, row.name);
    if (now?.id === row.id) return this.saw(now);
    this.context.listing.forget(this.serverKey);
    throw new OutOfDateError(`${this.title} is another one now`);
  }

  /** Does a step; an error of the server becomes a problem of the aspect. */
  async attempt(aspect: AccountAspect, act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      // Whatever it was, the list that the step was decided from may be wrong.
      this.context.listing.forget(this.serverKey);
      if (classify(error) === "conflict") throw error;
      this.problems.push(
        isUnreached(error)
          ? unreachedBy(this.serverKey, error)
          : refusalOf(aspect, this.title, error),
      );
    }
  }

  /** Takes the resource as it now is in the cache. */
  refresh(): void {
    this.resource = this.context.tracked.cache.get(keyOf(this.resource)) ?? this.resource;
  }

  #begun() {
    if (!this.#reached) throw new TypeError("the server has not been reached yet");
    return this.#reached;
  }
}

/** Whether an error says that the server cannot be asked; then we are told when it can. */
export function isUnreached(error: unknown): boolean {
  return error instanceof NotServingError || error instanceof ServerUnreachableError ||
    error instanceof LoginRefusedError || error instanceof ClientCertificateMissingError;
}
