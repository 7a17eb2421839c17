// How a share is exported over NFS. Squash, anonymous ids and the netgroup take effect at once,
// the rest when the adapter is started again.

import * as z from "zod";
import type { CallOptions, Requests } from "./requests.ts";
import { shareSegment } from "./segment.ts";
import { inServerNames, wireObject } from "./wire.ts";

const config = wireObject({
  allowAuthSys: z.boolean(),
  anonymousGid: z.number().optional(),
  anonymousUid: z.number().optional(),
  disableReaddirplus: z.boolean(),
  minKerberosLevel: z.string(),
  netgroup: z.string(),
  requireKerberos: z.boolean(),
  squash: z.string(),
});

/** The export as the server has it. */
export type ShareNfsConfig = z.output<typeof config>;

/** What is left out stays. */
export interface ShareNfsPatch {
  readonly allowAuthSys?: boolean;
  readonly anonymousGid?: number;
  readonly anonymousUid?: number;
  readonly disableReaddirplus?: boolean;
  readonly minKerberosLevel?: string;
  /** Only its members may mount; empty for everybody. It must exist. */
  readonly netgroup?: string;
  readonly requireKerberos?: boolean;
  readonly squash?: "none" | "root_to_admin" | "root_to_guest" | "all_to_admin" | "all_to_guest";
}

/** `/shares/NAME/adapters/nfs/config` */
export class ShareNfs {
  constructor(private readonly requests: Requests) {}

  /** Undefined when there is no such share. */
  get(share: string, options: CallOptions = {}): Promise<ShareNfsConfig | undefined> {
    return this.requests.find(config, { ...options, method: "GET", path: pathOf(share) });
  }

  patch(share: string, fields: ShareNfsPatch, options: CallOptions = {}): Promise<ShareNfsConfig> {
    const body = inServerNames(fields);
    return this.requests.ask(config, { ...options, body, method: "PATCH", path: pathOf(share) });
  }
}

function pathOf(share: string): string {
  return `/shares/${shareSegment(share)}/adapters/nfs/config`;
}
