// The protocols that a server speaks: rows named `nfs` and `smb`, each with its own port.
//
// Neither `running` nor an answer of 200 means that the port is listened on: only `status` and a
// connection tell. An adapter is never deleted here, because the next start makes it again,
// enabled and on another port.

import * as z from "zod";
import { nfsSettings, smbSettings } from "./adapter_settings.ts";
import type { CallOptions, Requests } from "./requests.ts";
import { wireStatus } from "./status.ts";
import { inServerNames, type JsonObject, wireObject } from "./wire.ts";

/** The protocols that there are. */
export type AdapterType = "nfs" | "smb";

const adapter = wireObject({
  config: z.record(z.string(), z.json()).default({}),
  enabled: z.boolean(),
  port: z.number(),
  running: z.boolean(),
  status: wireStatus,
  type: z.string(),
});

const list = z.array(adapter);

/** An adapter as the server has it. */
export type Adapter = z.output<typeof adapter>;

/** What is left out stays; `config` is replaced as a whole. */
export interface AdapterFields {
  /** `bind_address`, `tls`, `signing` …; takes effect when the adapter is started again. */
  readonly config?: JsonObject;
  readonly enabled?: boolean;
  readonly port?: number;
}

/** `/adapters` */
export class Adapters {
  readonly nfsSettings;
  readonly smbSettings;

  constructor(private readonly requests: Requests) {
    this.nfsSettings = nfsSettings(requests);
    this.smbSettings = smbSettings(requests);
  }

  list(options: CallOptions = {}): Promise<Adapter[]> {
    return this.requests.ask(list, { ...options, method: "GET", path: "/adapters" });
  }

  get(type: AdapterType, options: CallOptions = {}): Promise<Adapter | undefined> {
    return this.requests.find(adapter, { ...options, method: "GET", path: pathOf(type) });
  }

  /** Only for an adapter that somebody deleted. Throws a `ServerError` of 409 if it is there. */
  create(type: AdapterType, fields: AdapterFields, options: CallOptions = {}): Promise<Adapter> {
    const body = { ...inServerNames(fields), type };
    return this.requests.ask(adapter, { ...options, body, method: "POST", path: "/adapters" });
  }

  update(type: AdapterType, fields: AdapterFields, options: CallOptions = {}): Promise<Adapter> {
    const body = inServerNames(fields);
    return this.requests.ask(adapter, { ...options, body, method: "PUT", path: pathOf(type) });
  }

  /**
   * Starts the adapter again, so that its configuration takes effect; its clients lose their
   * connections. Whoever fails in between leaves it disabled.
   */
  async restart(type: AdapterType, options: CallOptions = {}): Promise<Adapter> {
    await this.update(type, { enabled: false }, options);
    return await this.update(type, { enabled: true }, options);
  }
}

function pathOf(type: AdapterType): string {
  return `/adapters/${type}`;
}
