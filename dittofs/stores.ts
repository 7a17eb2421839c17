// Where shares keep their metadata and their blocks. A store is a row that names a type and a
// configuration; what it points to stays when the row goes.
//
// A configuration is a text of JSON in requests and an object in answers, its secrets hidden.
// Treat stores as unchangeable: `update` changes the row, and the running store at the next start.

import * as z from "zod";
import type { CallOptions, Requests } from "./requests.ts";
import { segment } from "./segment.ts";
import { type Status, wireStatus } from "./status.ts";
import { type JsonObject, wireObject } from "./wire.ts";

const store = wireObject({
  config: z.record(z.string(), z.json()).default({}),
  id: z.string(),
  name: z.string(),
  status: wireStatus,
  type: z.string(),
});

const list = z.array(store);

/** A store as the server has it. Secrets in its `config` read `********`. */
export type Store = z.output<typeof store>;

/** A store to be made. */
export interface NewStore {
  readonly name: string;
  /** metadata: memory, badger, sqlite, postgres; local: memory, fs; remote: memory, s3. */
  readonly type: string;
  readonly config?: JsonObject;
}

/** `/store/metadata`, `/store/block/local` or `/store/block/remote` */
export class Stores {
  constructor(private readonly requests: Requests, private readonly path: string) {}

  list(options: CallOptions = {}): Promise<Store[]> {
    return this.requests.ask(list, { ...options, method: "GET", path: this.path });
  }

  get(name: string, options: CallOptions = {}): Promise<Store | undefined> {
    return this.requests.find(store, { ...options, method: "GET", path: this.#pathOf(name) });
  }

  /** Undefined when there is no such store. */
  status(name: string, options: CallOptions = {}): Promise<Status | undefined> {
    const path = `${this.#pathOf(name)}/status`;
    return this.requests.find(wireStatus, { ...options, method: "GET", path });
  }

  /**
   * Look first: a badger store that is there already is answered with 400, because its own
   * directory is locked, and others with 409.
   */
  create({ name, type, config }: NewStore, options: CallOptions = {}): Promise<Store> {
    const body = { name, type, ...(config && { config: JSON.stringify(config) }) };
    return this.requests.ask(store, { ...options, body, method: "POST", path: this.path });
  }

  /** Replaces the configuration; `********` in it keeps the secret that is stored. */
  update(name: string, config: JsonObject, options: CallOptions = {}): Promise<Store> {
    const body = { config: JSON.stringify(config) };
    const path = this.#pathOf(name);
    return this.requests.ask(store, { ...options, body, method: "PUT", path });
  }

  /** Makes the row that of another store, from the next start on. */
  replace(
    name: string,
    { type, config }: { readonly type: string; readonly config: JsonObject },
    options: CallOptions = {},
  ): Promise<Store> {
    const body = { config: JSON.stringify(config), type };
    const path = this.#pathOf(name);
    return this.requests.ask(store, { ...options, body, method: "PUT", path });
  }

  /** Throws a `ServerError` of 409 while a share uses it. */
  delete(name: string, options: CallOptions = {}): Promise<boolean> {
    return this.requests.remove(this.#pathOf(name), options);
  }

  #pathOf(name: string): string {
    return `${this.path}/${segment(name)}`;
  }
}
