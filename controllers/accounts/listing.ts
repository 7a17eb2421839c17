// All accounts, or all groups, of a server: listed once for everybody who asks at about the same
// time.
//
// The server has no watch, so a look at one account begins with what is there. A hundred users
// that look together, as after an apply or at the slow check, would ask a hundred times for what
// one list says. A list is believed for a few seconds, and follows our own writes; an answer that
// contradicts it makes us forget it. Whatever must not be decided from something a few seconds
// old (a write by name, the end of an account) asks the server itself.
//
// Who waits for a row that somebody else makes is called when we have made it: our own writes are
// no news in the caches of Kubernetes objects, so a status that says so would tell nobody.

import type { Clock } from "../../kube/clock.ts";
import type { Trigger } from "../../kube/controller.ts";
import type { Key } from "../../kube/object.ts";
import type { Row } from "./mark.ts";

/** How long a list is believed, in milliseconds. */
export const BELIEVED_MS = 5_000;

/** The rows of one server. */
export class Rows<R extends Row> {
  readonly #byId = new Map<string, R>();
  readonly #byName = new Map<string, R>();

  constructor(rows: Iterable<R> = []) {
    for (const row of rows) this.put(row);
  }

  byId(id: string): R | undefined {
    return this.#byId.get(id);
  }

  byName(name: string): R | undefined {
    return this.#byName.get(name);
  }

  values(): Iterable<R> {
    return this.#byId.values();
  }

  put(row: R): void {
    this.#byId.set(row.id, row);
    this.#byName.set(row.name, row);
  }

  remove(id: string): void {
    const row = this.#byId.get(id);
    this.#byId.delete(id);
    if (row && this.#byName.get(row.name) === row) this.#byName.delete(row.name);
  }
}

/** A list that was asked for. */
interface Taken<R extends Row> {
  readonly since: number;
  readonly rows: Promise<Rows<R>>;
  /** What we have written since, in order; it may or may not be in the list. */
  readonly written: ((rows: Rows<R>) => void)[];
  /** The rows, once they are there. */
  there?: Rows<R>;
}

/** What our own hand has done to a row. */
export interface RowChange {
  readonly name: string;
  /** It has come, or has gone. */
  readonly moved: boolean;
  /** The number that another row can have now. */
  readonly freed: number | undefined;
}

/** Is told what we have done to a row of a server. */
export type RowListener = (server: Key, change: RowChange) => void;

/** Looks at what waits for a row to change: `about` gives the keys. */
export function rowTrigger(
  listing: Pick<Listing<Row>, "onChange">,
  about: (server: Key, change: RowChange) => Iterable<Key>,
): Trigger {
  return {
    listen: (look) =>
      listing.onChange((server, change) => {
        for (const key of about(server, change)) look(key, "background");
      }),
  };
}

/** The rows of every server, as last listed. */
export class Listing<R extends Row> {
  readonly #clock: Pick<Clock, "now">;
  readonly #taken = new Map<Key, Taken<R>>();
  readonly #listeners: RowListener[] = [];

  constructor(clock: Pick<Clock, "now">) {
    this.#clock = clock;
  }

  /** The rows of a server; `list` asks for them if nobody has just done so. */
  of(server: Key, list: () => Promise<readonly R[]>): Promise<Rows<R>> {
    const before = this.#taken.get(server);
    if (before && this.#clock.now() - before.since < BELIEVED_MS) return before.rows;
    const written: Taken<R>["written"] = [];
    const rows = list().then((items) => {
      const there = new Rows(items);
      for (const write of written) write(there);
      taken.there = there;
      return there;
    });
    const taken: Taken<R> = { since: this.#clock.now(), rows, written };
    this.#taken.set(server, taken);
    // A failure is told to those who have asked for this list, and to nobody after them.
    rows.catch(() => this.#taken.get(server) === taken && this.#taken.delete(server));
    return rows;
  }

  /** Calls back when we make or remove a row, or give it another number. */
  onChange(listener: RowListener): void {
    this.#listeners.push(listener);
  }

  /** We have made or changed a row, or seen it just now. */
  put(server: Key, row: R): void {
    const before = this.#taken.get(server)?.there?.byId(row.id);
    this.#write(server, (rows) => rows.put(row));
    const freed = before?.number === row.number ? undefined : before?.number;
    if (before && freed === undefined) return;
    this.#tell(server, { name: row.name, moved: !before, freed });
  }

  /** We have removed a row. */
  remove(server: Key, { id, name }: Pick<R, "id" | "name">): void {
    const before = this.#taken.get(server)?.there?.byId(id);
    this.#write(server, (rows) => rows.remove(id));
    this.#tell(server, { name, moved: true, freed: before?.number });
  }

  /** Whoever asks next gets a new list. */
  forget(server: Key): void {
    this.#taken.delete(server);
  }

  #tell(server: Key, change: RowChange): void {
    for (const listener of this.#listeners) listener(server, change);
  }

  #write(server: Key, write: (rows: Rows<R>) => void): void {
    const taken = this.#taken.get(server);
    if (taken?.there) write(taken.there);
    else taken?.written.push(write);
  }
}
