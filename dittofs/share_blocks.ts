// The blocks of one share on disk: how many there are, and fetching them from the remote store.

import * as z from "zod";
import type { CallOptions, Requests } from "./requests.ts";
import { shareSegment } from "./segment.ts";
import { wireObject } from "./wire.ts";

const stats = wireObject({
  totals: wireObject({
    hasRemote: z.boolean(),
    localDiskMax: z.number(),
    localDiskUsed: z.number(),
    pendingUploads: z.number(),
    remoteHealthy: z.boolean(),
    unsyncedBytes: z.number(),
  }),
}).transform(({ totals }) => totals);

const warmJob = wireObject({
  blocksDone: z.number(),
  blocksTotal: z.number(),
  error: z.string().default(""),
  id: z.string(),
  share: z.string().transform((name) => name.replace(/^\/+/, "")),
  state: z.string(),
  warning: z.string().default(""),
});

const started = wireObject({ jobId: z.string() }).transform(({ jobId }) => jobId);

/** What a share has on disk; sizes in bytes. */
export type BlockStats = z.output<typeof stats>;

/** A job that fetches a share's blocks; `state` is running, done or failed. */
export type WarmJob = z.output<typeof warmJob>;

/** `/shares/NAME/blockstore` */
export class ShareBlocks {
  constructor(private readonly requests: Requests) {}

  /** Undefined when there is no such share. */
  stats(share: string, options: CallOptions = {}): Promise<BlockStats | undefined> {
    const path = `${pathOf(share)}/stats`;
    return this.requests.find(stats, { ...options, method: "GET", path });
  }

  /**
   * Begins to fetch every block from the remote store, and tells the job. Without it a share
   * whose local blocks were lost reads as zeros.
   */
  warm(share: string, options: CallOptions = {}): Promise<string> {
    const path = `${pathOf(share)}/warm`;
    return this.requests.ask(started, { ...options, body: {}, method: "POST", path });
  }

  /** Undefined when the job is not known, as after a restart of the server. */
  warmJob(share: string, job: string, options: CallOptions = {}): Promise<WarmJob | undefined> {
    const path = `${pathOf(share)}/warm/${shareSegment(job)}`;
    return this.requests.find(warmJob, { ...options, method: "GET", path });
  }
}

function pathOf(share: string): string {
  return `/shares/${shareSegment(share)}/blockstore`;
}
