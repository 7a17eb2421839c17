// Who is connected over NFS and SMB. There are fields for the user and the shares of each, and a
// filter by share, but version 0.29.0 never fills them in.

import * as z from "zod";
import type { CallOptions, Requests } from "./requests.ts";
import { wireList, wireObject } from "./wire.ts";

const client = wireObject({
  address: z.string(),
  clientId: z.string(),
  protocol: z.string(),
  user: z.string(),
});

const list = wireList(client);

/** A connection of a client of the server's files. */
export type FileClient = z.output<typeof client>;

/** Which clients are asked for; all without it. */
export interface ClientFilter {
  readonly protocol?: "nfs" | "smb";
}

/** `/clients` */
export class Clients {
  constructor(private readonly requests: Requests) {}

  list({ protocol }: ClientFilter = {}, options: CallOptions = {}): Promise<FileClient[]> {
    const path = protocol === undefined ? "/clients" : `/clients?protocol=${protocol}`;
    return this.requests.ask(list, { ...options, method: "GET", path });
  }
}
