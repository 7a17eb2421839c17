// Settings of the protocols. The server looks at them every 10 s; those of the portmapper and of
// UDP wait until the adapter is started again.

import * as z from "zod";
import type { CallOptions, Requests } from "./requests.ts";
import { inServerNames, wireList, wireObject } from "./wire.ts";

const nfs = wireObject({
  blockedOperations: wireList(z.string()),
  callbackTimeout: z.number(),
  delegationRecallTimeout: z.number(),
  delegationsEnabled: z.boolean(),
  dirDelegBatchWindowMs: z.number(),
  gracePeriod: z.number(),
  leaseBreakTimeout: z.number(),
  leaseTime: z.number(),
  maxClients: z.number(),
  maxCompoundOps: z.number(),
  maxConnections: z.number(),
  maxDelegations: z.number(),
  maxReadSize: z.number(),
  maxVersion: z.string(),
  maxWriteSize: z.number(),
  mdnsEnabled: z.boolean(),
  minVersion: z.string(),
  portmapperEnabled: z.boolean(),
  portmapperPort: z.number(),
  portmapperRegisterWithSystem: z.boolean(),
  preferredTransferSize: z.number(),
  udpEnabled: z.boolean(),
  v4MaxConnectionsPerSession: z.number(),
  v4MaxMinorVersion: z.number(),
  v4MinMinorVersion: z.number(),
  version: z.number(),
});

const smb = wireObject({
  blockedOperations: wireList(z.string()),
  directoryLeasingEnabled: z.boolean(),
  enableEncryption: z.boolean(),
  maxConnections: z.number(),
  maxDialect: z.string(),
  maxSessions: z.number(),
  mdnsEnabled: z.boolean(),
  minDialect: z.string(),
  oplockBreakTimeout: z.number(),
  sessionTimeout: z.number(),
  signing: z.string(),
  version: z.number(),
  wsdiscoveryEnabled: z.boolean(),
});

/** Settings of NFS; times in seconds, sizes in bytes. `version` counts the changes. */
export type NfsSettings = Readonly<z.output<typeof nfs>>;

/** Settings of SMB; times in seconds. `version` counts the changes. */
export type SmbSettings = Readonly<z.output<typeof smb>>;

/** Settings to be changed: what is left out stays. */
export type SettingsPatch<Settings> = Partial<Omit<Settings, "version">>;

/** `/adapters/TYPE/settings` */
export class AdapterSettings<Schema extends z.ZodType> {
  constructor(
    private readonly requests: Requests,
    private readonly schema: Schema,
    private readonly path: string,
  ) {}

  /** Undefined when the server does not have the adapter. */
  get(options: CallOptions = {}): Promise<z.output<Schema> | undefined> {
    return this.requests.find(this.schema, { ...options, method: "GET", path: this.path });
  }

  /** Throws a `ServerError` of 422 whose `fields` say what is out of range. */
  patch(
    settings: SettingsPatch<z.output<Schema>>,
    options: CallOptions = {},
  ): Promise<z.output<Schema>> {
    const body = inServerNames(settings);
    const { path, schema } = this;
    return this.requests.ask(schema, { ...options, body, method: "PATCH", path });
  }
}

/** Settings of the adapter `nfs`. */
export function nfsSettings(requests: Requests): AdapterSettings<typeof nfs> {
  return new AdapterSettings(requests, nfs, "/adapters/nfs/settings");
}

/** Settings of the adapter `smb`. */
export function smbSettings(requests: Requests): AdapterSettings<typeof smb> {
  return new AdapterSettings(requests, smb, "/adapters/smb/settings");
}
