// Before a pod goes: who is connected to it, and what it has not uploaded to S3 yet.
//
// The server is asked beside all reconciles, because uploads may take minutes, and each answer
// wakes the controller that waits for it. What is not uploaded in time is no reason to keep a pod:
// it is on the volume, and the next pod goes on with it.

import type { DittoServerStatus } from "../../../api/dittoserver.ts";
import type { FileClient } from "../../../dittofs/clients.ts";
import type { DittofsClient } from "../../../dittofs/client.ts";
import { ServerError, ServerUnreachableError } from "../../../dittofs/errors.ts";
import type { Clock } from "../../../kube/clock.ts";
import { messageOf } from "../../../kube/errors.ts";
import type { Logger } from "../../../kube/log.ts";
import type { Key } from "../../../kube/object.ts";
import { Signal } from "../../../kube/signal.ts";

type Rollout = NonNullable<DittoServerStatus["rollout"]>;

/** What is known of a pod that is to go. */
export interface Departure {
  readonly clients?: NonNullable<Rollout["clients"]>;
  /** Undefined while nobody has asked for it. */
  readonly uploads?: NonNullable<Rollout["uploads"]>;
}

/** Gives a client of the server of a key. */
interface Connections {
  open(server: Key): Promise<{ readonly client: Pick<DittofsClient, "clients" | "system"> }>;
}

/** Bounds of the schema. */
const NAMES_AT_MOST = 16;
const NAME_LENGTH = 256;
const MESSAGE_LENGTH = 1024;

interface Going {
  readonly podUid: string;
  readonly stop: AbortController;
  clients?: NonNullable<Rollout["clients"]>;
  uploads?: NonNullable<Rollout["uploads"]>;
}

/** Pods that are to go, by the UID of their server. */
export class Departures {
  readonly #connections: Connections;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #going = new Map<string, Going>();
  /** Tells of each server about whose pod something else is known. */
  readonly changed = new Signal();

  constructor(connections: Connections, clock: Clock, log: Logger) {
    this.#connections = connections;
    this.#clock = clock;
    this.#log = log;
  }

  /** Counts the clients of a pod that is to go some day. */
  count(key: Key, uid: string, podUid: string): Departure {
    const known = this.#going.get(uid);
    if (known?.podUid === podUid) return said(known);
    const going = this.#begin(uid, podUid);
    void this.#count(key, going);
    return said(going);
  }

  /** The same of one that is to go now: it uploads what it can within `limitMs`. */
  drain(key: Key, uid: string, podUid: string, limitMs: number): Departure {
    const known = this.#going.get(uid);
    if (known?.podUid === podUid && known.uploads) return said(known);
    const going = known?.podUid === podUid ? known : this.#begin(uid, podUid);
    going.uploads = { state: "Draining" };
    void this.#drain(key, going, limitMs);
    return said(going);
  }

  /** The pod stays, or is gone. */
  forget(uid: string): void {
    this.#going.get(uid)?.stop.abort();
    this.#going.delete(uid);
  }

  /** Ends all that is under way. */
  close(): void {
    for (const uid of [...this.#going.keys()]) this.forget(uid);
  }

  #begin(uid: string, podUid: string): Going {
    this.forget(uid);
    const going: Going = { podUid, stop: new AbortController() };
    this.#going.set(uid, going);
    return going;
  }

  async #count(key: Key, going: Going): Promise<void> {
    try {
      const { client } = await this.#connections.open(key);
      const { signal } = going.stop;
      going.clients = counted(await client.clients.list({}, { signal }));
      this.#tell(key, going);
    } catch (error) {
      // Nobody waits for the number, and why there is none is said by the condition Authenticated.
      this.#log.debug("could not count the clients", { server: key, error: messageOf(error) });
    }
  }

  async #drain(key: Key, going: Going, limitMs: number): Promise<void> {
    const { signal } = going.stop;
    await this.#count(key, going);
    const began = this.#clock.now();
    try {
      const { client } = await this.#connections.open(key);
      if (limitMs > 0) await client.system.drainUploads(limitMs, { signal });
      going.uploads = limitMs > 0 ? { state: "Drained" } : { state: "Skipped" };
    } catch (error) {
      going.uploads = notDrained(error, this.#clock.now() - began >= limitMs);
    }
    this.#tell(key, going);
  }

  #tell(key: Key, going: Going): void {
    if (!going.stop.signal.aborted) this.changed.tell(key, "user");
  }
}

function said({ clients, uploads }: Going): Departure {
  return { ...(clients && { clients }), ...(uploads && { uploads }) };
}

function notDrained(error: unknown, late: boolean): NonNullable<Rollout["uploads"]> {
  const stalled = (error instanceof ServerError && error.status === 504) ||
    (error instanceof ServerUnreachableError && error.kind === "timeout" && late);
  return {
    state: stalled ? "Stalled" : "Skipped",
    message: messageOf(error).slice(0, MESSAGE_LENGTH),
  };
}

function counted(clients: readonly FileClient[]): NonNullable<Rollout["clients"]> {
  const names = [...new Set(clients.map(nameOf))].toSorted().slice(0, NAMES_AT_MOST);
  return { count: clients.length, ...(names.length > 0 && { names }) };
}

/** Without its port, which is another one with each connection. */
function nameOf({ protocol, address }: FileClient): string {
  return `${protocol} ${address.replace(/:\d+$/, "")}`.slice(0, NAME_LENGTH);
}
