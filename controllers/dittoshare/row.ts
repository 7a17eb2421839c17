// The row of a share on the server: what it has to say, and what of that it does not.

import { millisecondsOf } from "../../dittofs/duration.ts";
import type { Share as Row, ShareFields } from "../../dittofs/shares.ts";
import { sizeAsShown } from "../../dittofs/size.ts";
import { same } from "../../kube/covers.ts";
import { amountOf } from "../quantity.ts";
import { memoryPins } from "../dittoserver/memory_pins.ts";
import type { Server } from "../dittoserver/server.ts";
import type { Placement } from "./placement.ts";
import type { Share } from "./share.ts";

/** The fields of the row that are ours. */
export function shareFields(share: Share, server: Server, placement: Placement): ShareFields {
  const { spec: { defaultPermission, quota, readOnly, smb, storage, trash } } = share;
  const { cache } = storage.remote ?? {};
  return {
    defaultPermission,
    readOnly,
    quotaBytes: quota === undefined ? 0 : amountOf(quota),
    // In a form that comes back as it was sent: these take a restart, so that a doubt costs one.
    localStoreSize: sizeAsShown(placement.localSize),
    readBufferSize: sizeAsShown(memoryPins(server.spec).readBuffer),
    encryptData: smb.encryptData,
    accessBasedEnumeration: smb.accessBasedEnumeration,
    aclFlagInheritedCanonicalization: smb.aclFlagInheritedCanonicalization,
    allowMfsymlink: smb.mfsymlinks,
    changeNotifyDisabled: !smb.changeNotify,
    continuousAvailability: smb.continuousAvailability,
    streamsDisabled: !smb.streams,
    // Switching the bin off empties it, so it is left alone unless the spec says something of it.
    ...(trash && {
      trashEnabled: trash.enabled,
      trashRetentionDays: trash.retentionDays,
      trashMaxBytes: trash.maxSize === undefined ? 0 : amountOf(trash.maxSize),
      trashExcludePatterns: trash.exclude ?? [],
    }),
    ...(cache && {
      retentionPolicy: cache.policy,
      ...(cache.ttl !== undefined && { retentionTtl: cache.ttl }),
    }),
  };
}

/** A field of the row, by its name in the spec of a DittoShare. */
const IN_SPEC: Readonly<Record<keyof ShareFields, string>> = {
  accessBasedEnumeration: "smb.accessBasedEnumeration",
  aclFlagInheritedCanonicalization: "smb.aclFlagInheritedCanonicalization",
  allowMfsymlink: "smb.mfsymlinks",
  blockedOperations: "blockedOperations",
  changeNotifyDisabled: "smb.changeNotify",
  continuousAvailability: "smb.continuousAvailability",
  defaultPermission: "defaultPermission",
  encryptData: "smb.encryptData",
  localStoreSize: "the size of the local store",
  quotaBytes: "quota",
  readBufferSize: "the size of the read buffer",
  readOnly: "readOnly",
  retentionPolicy: "storage.remote.cache.policy",
  retentionTtl: "storage.remote.cache.ttl",
  streamsDisabled: "smb.streams",
  trashEnabled: "trash.enabled",
  trashExcludePatterns: "trash.exclude",
  trashMaxBytes: "trash.maxSize",
  trashRestrictToAdmin: "trash.adminOnly",
  trashRetentionDays: "trash.retentionDays",
};

/** What the server takes over when it starts; all else takes effect at once. */
const AT_RESTART: ReadonlySet<keyof ShareFields> = new Set<keyof ShareFields>([
  "accessBasedEnumeration",
  "aclFlagInheritedCanonicalization",
  "allowMfsymlink",
  "changeNotifyDisabled",
  "continuousAvailability",
  "encryptData",
  "localStoreSize",
  "readBufferSize",
  "streamsDisabled",
]);

/** What a row lacks. */
export interface Lack<Fields> {
  /** What has to be sent. */
  readonly fields: Partial<Fields>;
  /** The same by their names in the spec. */
  readonly names: readonly string[];
  /** Those of them that wait for a restart of the server. */
  readonly atRestart: readonly string[];
}

/**
 * What a row lacks of the wanted fields. A quota comes back rounded, so one that reads alike
 * counts as equal, unless the spec has just been changed: then it is sent in any case.
 */
export function lackOf(row: Row, wanted: ShareFields, changed: boolean): Lack<ShareFields> {
  const lacking = fieldsOf(wanted).filter(([field, value]) => differs(row, field, value, changed));
  const names = lacking.map(([field]) => field);
  return {
    fields: Object.fromEntries(lacking),
    names: names.map((field) => IN_SPEC[field]),
    atRestart: names.filter((field) => AT_RESTART.has(field)).map((field) => IN_SPEC[field]),
  };
}

function differs(
  row: Row,
  field: keyof ShareFields,
  value: ShareFields[keyof ShareFields],
  changed: boolean,
): boolean {
  if (field === "retentionTtl") return row.retentionTtlMs !== millisecondsOf(String(value));
  if (field !== "quotaBytes") return !same(row[field], value);
  const shown = sizeAsShown(Number(value));
  return row.quotaBytes !== shown || (changed && shown !== value);
}

function fieldsOf(fields: ShareFields) {
  const names = Object.keys(IN_SPEC) as (keyof ShareFields)[];
  return names.flatMap((name) => {
    const value = fields[name];
    return value === undefined ? [] : [[name, value] as const];
  });
}
