// Shares. Names are given without the slash that the server puts before them.
//
// An answer of 201 does not mean that the share is served: its `status` tells. While its S3 does
// not answer, each look at it takes 30 s. Sizes, encryption and the flags of SMB take effect when
// the server starts again, the rest at once.

import * as z from "zod";
import type { PermissionLevel } from "./permissions.ts";
import { Permissions } from "./permissions.ts";
import { Quotas } from "./quotas.ts";
import type { CallOptions, Requests } from "./requests.ts";
import { shareSegment } from "./segment.ts";
import { ShareBlocks } from "./share_blocks.ts";
import { ShareNfs } from "./share_nfs.ts";
import { ShareSnapshotPolicy } from "./snapshot_policies.ts";
import { type Status, wireStatus } from "./status.ts";
import { inServerNames, wireDuration, wireList, wireObject, wireSize } from "./wire.ts";

const share = wireObject({
  accessBasedEnumeration: z.boolean(),
  aclFlagInheritedCanonicalization: z.boolean(),
  allowMfsymlink: z.boolean(),
  blockedOperations: wireList(z.string()),
  changeNotifyDisabled: z.boolean(),
  continuousAvailability: z.boolean(),
  defaultPermission: z.string(),
  enabled: z.boolean(),
  encryptData: z.boolean(),
  id: z.string(),
  localBlockStoreId: z.string(),
  localStoreSize: wireSize,
  metadataStoreId: z.string(),
  name: z.string().transform((name) => name.replace(/^\/+/, "")),
  ownerGid: z.number().optional(),
  ownerUid: z.number().optional(),
  physicalBytes: z.number(),
  quotaBytes: wireSize,
  readBufferSize: wireSize,
  readOnly: z.boolean(),
  remoteBlockStoreId: z.string().nullish().transform((id) => id ?? undefined),
  retentionPolicy: z.string(),
  retentionTtl: wireDuration,
  status: wireStatus,
  streamsDisabled: z.boolean(),
  trashEnabled: z.boolean(),
  trashExcludePatterns: wireList(z.string()),
  trashMaxBytes: z.number(),
  trashRestrictToAdmin: z.boolean(),
  trashRetentionDays: z.number(),
  usagePercent: z.number(),
  usedBytes: z.number(),
  warnings: wireList(z.string()),
}).transform(({ retentionTtl, ...rest }) => ({ ...rest, retentionTtlMs: retentionTtl }));

const list = z.array(share);

/**
 * A share as the server has it. Stores are named by their ids; sizes are as shown, see
 * `sizeAsShown`, and 0 for none. `warnings` come only with the answer to an update.
 */
export type Share = z.output<typeof share>;

/** What can be said of a share at any time. What is left out stays, or gets the default. */
export interface ShareFields {
  readonly accessBasedEnumeration?: boolean;
  readonly aclFlagInheritedCanonicalization?: boolean;
  readonly allowMfsymlink?: boolean;
  readonly blockedOperations?: readonly string[];
  readonly changeNotifyDisabled?: boolean;
  readonly continuousAvailability?: boolean;
  readonly defaultPermission?: PermissionLevel;
  readonly encryptData?: boolean;
  /** Bytes. Without it the server's memory decides. */
  readonly localStoreSize?: number;
  /** Bytes for the whole share; 0 for no limit. Counted over its metadata store. */
  readonly quotaBytes?: number;
  /** Bytes. */
  readonly readBufferSize?: number;
  readonly readOnly?: boolean;
  readonly retentionPolicy?: "lru" | "pin" | "ttl";
  /** A Go duration; the server keeps whole seconds. */
  readonly retentionTtl?: string;
  readonly streamsDisabled?: boolean;
  readonly trashEnabled?: boolean;
  readonly trashExcludePatterns?: readonly string[];
  readonly trashMaxBytes?: number;
  readonly trashRestrictToAdmin?: boolean;
  readonly trashRetentionDays?: number;
}

/** A share to be made. Stores by name or id; the owner, who needs a uid, by name. */
export interface NewShare extends ShareFields {
  readonly localBlockStore: string;
  readonly metadataStore: string;
  readonly name: string;
  readonly owner?: string;
  readonly remoteBlockStore?: string;
}

/** A share to be changed. Stores by name or id; no remote store for null. */
export interface ShareUpdate extends ShareFields {
  readonly localBlockStore?: string;
  readonly remoteBlockStore?: string | null;
}

/** `/shares` */
export class Shares {
  readonly blocks: ShareBlocks;
  readonly nfs: ShareNfs;
  readonly permissions: Permissions;
  readonly quotas: Quotas;
  readonly snapshotPolicy: ShareSnapshotPolicy;

  constructor(private readonly requests: Requests) {
    this.blocks = new ShareBlocks(requests);
    this.nfs = new ShareNfs(requests);
    this.permissions = new Permissions(requests);
    this.quotas = new Quotas(requests);
    this.snapshotPolicy = new ShareSnapshotPolicy(requests);
  }

  /** One share whose S3 does not answer holds up all. */
  list(options: CallOptions = {}): Promise<Share[]> {
    return this.requests.ask(list, { ...options, method: "GET", path: "/shares" });
  }

  get(name: string, options: CallOptions = {}): Promise<Share | undefined> {
    return this.requests.find(share, { ...options, method: "GET", path: pathOf(name) });
  }

  /** Undefined when there is no such share. */
  status(name: string, options: CallOptions = {}): Promise<Status | undefined> {
    const path = `${pathOf(name)}/status`;
    return this.requests.find(wireStatus, { ...options, method: "GET", path });
  }

  create(fields: NewShare, options: CallOptions = {}): Promise<Share> {
    const { localBlockStore, metadataStore, remoteBlockStore, ...rest } = fields;
    const body = {
      ...bodyOf(rest),
      local_block_store: localBlockStore,
      metadata_store_id: metadataStore,
      ...(remoteBlockStore !== undefined && { remote_block_store: remoteBlockStore }),
    };
    return this.requests.ask(share, { ...options, body, method: "POST", path: "/shares" });
  }

  /** Another store than before may need a restart of the server: then there is a warning. */
  update(name: string, fields: ShareUpdate, options: CallOptions = {}): Promise<Share> {
    const { localBlockStore, remoteBlockStore, ...rest } = fields;
    const body = {
      ...bodyOf(rest),
      ...(localBlockStore !== undefined && { local_block_store_id: localBlockStore }),
      ...(remoteBlockStore !== undefined && { remote_block_store_id: remoteBlockStore ?? "" }),
    };
    return this.requests.ask(share, { ...options, body, method: "PUT", path: pathOf(name) });
  }

  /** The data stays in the stores: a share of the same name has it again. */
  delete(name: string, options: CallOptions = {}): Promise<boolean> {
    return this.requests.remove(pathOf(name), options);
  }

  enable(name: string, options: CallOptions = {}): Promise<Share> {
    const path = `${pathOf(name)}/enable`;
    return this.requests.ask(share, { ...options, method: "POST", path });
  }

  /** Its clients lose it at once. */
  disable(name: string, options: CallOptions = {}): Promise<Share> {
    const path = `${pathOf(name)}/disable`;
    return this.requests.ask(share, { ...options, method: "POST", path });
  }
}

/** The server takes sizes as texts. */
function bodyOf(
  { localStoreSize, quotaBytes, readBufferSize, ...rest }: ShareFields,
): Record<string, unknown> {
  return inServerNames({
    ...rest,
    localStoreSize: localStoreSize?.toString(),
    quotaBytes: quotaBytes?.toString(),
    readBufferSize: readBufferSize?.toString(),
  });
}

function pathOf(name: string): string {
  return `/shares/${shareSegment(name)}`;
}
