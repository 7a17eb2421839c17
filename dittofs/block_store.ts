// Blocks that nothing refers to any more, over all shares that the server has.

import * as z from "zod";
import type { CallOptions, Requests } from "./requests.ts";
import { wireObject } from "./wire.ts";

const orphans = wireObject({ bytes: z.number().default(0), count: z.number() });

const report = wireObject({
  blockRecordsScanned: z.number(),
  leakedBlocks: orphans,
  orphanRemoteObjects: orphans,
  remoteObjectsScanned: z.number(),
  strandedLocalChunks: orphans,
  zeroRefRecords: orphans,
});

const reclaimed = wireObject({
  blockRecordsScanned: z.number(),
  dryRun: z.boolean(),
  errors: z.number(),
  leakedReclaimed: orphans,
  orphanObjectsReclaimed: orphans,
  reclaimed: orphans,
  remoteObjectsScanned: z.number(),
});

/** What a look at all blocks found; sizes in bytes. */
export type ReconcileReport = z.output<typeof report>;

/** What was freed, or would be; sizes in bytes. */
export type ReclaimReport = z.output<typeof reclaimed>;

/** `/blockstore` */
export class BlockStore {
  constructor(private readonly requests: Requests) {}

  reconcileReport(options: CallOptions = {}): Promise<ReconcileReport> {
    const path = "/blockstore/reconcile-report";
    return this.requests.ask(report, { ...options, method: "GET", path });
  }

  /** Deletes them, in every share at once. */
  reclaim({ dryRun }: { dryRun: boolean }, options: CallOptions = {}): Promise<ReclaimReport> {
    const path = "/blockstore/reconcile/reclaim";
    const body = { dry_run: dryRun };
    return this.requests.ask(reclaimed, { ...options, body, method: "POST", path });
  }
}
