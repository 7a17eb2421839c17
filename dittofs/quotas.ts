// How much one user or group may keep on a share, beside the quota of the whole share.

import * as z from "zod";
import type { CallOptions, Requests } from "./requests.ts";
import { shareSegment } from "./segment.ts";
import { wireObject, wireSize } from "./wire.ts";

/** Whom a quota is for: by number, as the files' owner. */
export type QuotaOwner = { readonly uid: number } | { readonly gid: number };

const quota = wireObject({
  graceSeconds: z.number(),
  identityId: z.number().optional(),
  limitBytes: wireSize,
  limitFiles: z.number(),
  scope: z.string(),
  softBytes: wireSize,
  softFiles: z.number(),
  usedBytes: z.number(),
  usedFiles: z.number(),
});

const list = z.array(quota);

/** A quota as the server has it; sizes as shown, 0 for none. `scope` is user or group. */
export type Quota = z.output<typeof quota>;

/** The whole quota: what is left out is none. */
export interface QuotaLimits {
  readonly graceSeconds?: number;
  readonly limitBytes?: number;
  readonly limitFiles?: number;
  readonly softBytes?: number;
  readonly softFiles?: number;
}

/** `/shares/NAME/quotas` */
export class Quotas {
  constructor(private readonly requests: Requests) {}

  list(share: string, options: CallOptions = {}): Promise<Quota[]> {
    return this.requests.ask(list, { ...options, method: "GET", path: pathOf(share) });
  }

  set(
    share: string,
    owner: QuotaOwner,
    limits: QuotaLimits,
    options: CallOptions = {},
  ): Promise<Quota> {
    const { graceSeconds, limitBytes = 0, limitFiles, softBytes = 0, softFiles } = limits;
    const body = {
      grace_seconds: graceSeconds,
      limit_bytes: String(limitBytes),
      limit_files: limitFiles,
      soft_bytes: String(softBytes),
      soft_files: softFiles,
    };
    const path = `${pathOf(share)}/${ownerPath(owner)}`;
    return this.requests.ask(quota, { ...options, body, method: "PUT", path });
  }

  delete(share: string, owner: QuotaOwner, options: CallOptions = {}): Promise<boolean> {
    return this.requests.remove(`${pathOf(share)}/${ownerPath(owner)}`, options);
  }
}

function pathOf(share: string): string {
  return `/shares/${shareSegment(share)}/quotas`;
}

function ownerPath(owner: QuotaOwner): string {
  return "uid" in owner ? `user/${owner.uid}` : `group/${owner.gid}`;
}
