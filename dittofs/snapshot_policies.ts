// When snapshots of a share are taken, and how long they are kept.

import * as z from "zod";
import type { CallOptions, Requests } from "./requests.ts";
import { shareSegment } from "./segment.ts";
import { inServerNames, wireDuration, wireObject } from "./wire.ts";

const policy = wireObject({
  enabled: z.boolean(),
  interval: wireDuration,
  keepLast: z.number(),
  namePrefix: z.string().default(""),
  share: z.string().transform((name) => name.replace(/^\/+/, "")),
  ttl: wireDuration,
}).transform(({ interval, ttl, ...rest }) => ({ ...rest, intervalMs: interval, ttlMs: ttl }));

const list = z.array(policy);

/** A policy as the server has it; 0 for no limit. */
export type SnapshotPolicy = z.output<typeof policy>;

/** The whole policy: what is left out gets the default, which is no limit. */
export interface NewSnapshotPolicy {
  readonly enabled?: boolean;
  /** A Go duration, `@hourly`, `@daily` or `@weekly`; see `millisecondsOf`. */
  readonly interval: string;
  readonly keepLast?: number;
  readonly namePrefix?: string;
  /** A Go duration. */
  readonly ttl?: string;
}

/** `/shares/NAME/snapshot-policy` */
export class ShareSnapshotPolicy {
  constructor(private readonly requests: Requests) {}

  /** Undefined when there is no such share, or no policy for it. */
  get(share: string, options: CallOptions = {}): Promise<SnapshotPolicy | undefined> {
    return this.requests.find(policy, { ...options, method: "GET", path: pathOf(share) });
  }

  put(
    share: string,
    fields: NewSnapshotPolicy,
    options: CallOptions = {},
  ): Promise<SnapshotPolicy> {
    const body = inServerNames(fields);
    return this.requests.ask(policy, { ...options, body, method: "PUT", path: pathOf(share) });
  }

  delete(share: string, options: CallOptions = {}): Promise<boolean> {
    return this.requests.remove(pathOf(share), options);
  }
}

/** `/snapshot-policies`: those of all shares. */
export class SnapshotPolicies {
  constructor(private readonly requests: Requests) {}

  list(options: CallOptions = {}): Promise<SnapshotPolicy[]> {
    return this.requests.ask(list, { ...options, method: "GET", path: "/snapshot-policies" });
  }
}

function pathOf(share: string): string {
  return `/shares/${shareSegment(share)}/snapshot-policy`;
}
