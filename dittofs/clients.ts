// Who is connected over NFS and SMB.

import { z } from "zod";
import type { CallOptions, Requests } from "./requests.ts";
import { wireList, wireObject } from "./wire.ts";

const client = wireObject({
  address: z.string(),
  clientId: z.string(),
  protocol: z.string(),
  shares: wireList(z.string().transform((name) => name.replace(/^\/+/, ""))),
  user: z.string(),
});

const list = wireList(client);

/** A client of the server's files. */
export type FileClient = z.output<typeof client>;

/** Which clients are asked for; all without it. */
export interface ClientFilter {
  readonly protocol?: "nfs" | "smb";
  /** A share that they use. */
  readonly share?: string;
}

/** `/clients` */
export class Clients {
  constructor(private readonly requests: Requests) {}

  list({ protocol, share }: ClientFilter = {}, options: CallOptions = {}): Promise<FileClient[]> {
    const query = new URLSearchParams({
      ...(protocol !== undefined && { protocol }),
      ...(share !== undefined && { share: `/${share}` }),
    });
    const path = query.size === 0 ? "/clients" : `/clients?${query}`;
    return this.requests.ask(list, { ...options, method: "GET", path });
  }
}
