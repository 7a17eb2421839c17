// How much of a share one user or group may have.
//
// The server counts by number, as files know their owners; users and groups that are named have
// theirs looked up. As with grants the list is ours as a whole where the spec has one.

import type { Quota, QuotaLimits, QuotaOwner } from "../../dittofs/quotas.ts";
import { sizeAsShown } from "../../dittofs/size.ts";
import type { DittoShareSpec } from "../../api/dittoshare.ts";
import { secondsOf } from "../duration.ts";
import { amountOf } from "../quantity.ts";

type SpecQuota = NonNullable<DittoShareSpec["quotas"]>[number];

/** The numbers of those who are named. */
export interface Numbers {
  /** By name; absent for who is not there or has no number. */
  readonly uids: ReadonlyMap<string, number>;
  readonly gids: ReadonlyMap<string, number>;
}

/** One quota to be made or changed. */
export interface QuotaToSet {
  readonly owner: QuotaOwner;
  readonly limits: QuotaLimits;
  /** Whom it is for, for people: `user "alice"`. */
  readonly whom: string;
}

/** What has to be done so that the quotas are exactly these. */
export interface QuotaChanges {
  readonly set: readonly QuotaToSet[];
  readonly remove: readonly QuotaOwner[];
  /** Those who have no number. */
  readonly missing: readonly string[];
  /** Those who have a quota by name, which counts, and another one by number. */
  readonly twice: readonly string[];
}

/** Whether numbers have to be looked up at all. */
export function namesIn(quotas: readonly SpecQuota[]) {
  return {
    users: quotas.some(({ user }) => user !== undefined),
    groups: quotas.some(({ group }) => group !== undefined),
  };
}

/** `changed` is whether the spec may have been changed since the quotas were last set. */
export function quotaChanges(
  live: readonly Quota[],
  quotas: readonly SpecQuota[],
  numbers: Numbers,
  changed: boolean,
): QuotaChanges {
  const wanted = new Map<string, QuotaToSet>();
  const missing: string[] = [];
  const twice: string[] = [];
  // Those by name come first, and count.
  const inOrder = quotas.toSorted((a, b) => Number(isByNumber(a)) - Number(isByNumber(b)));
  for (const quota of inOrder) {
    const owner = ownerOf(quota, numbers);
    const whom = whomOf(quota);
    if (!owner) missing.push(whom);
    else if (wanted.has(keyOf(owner))) twice.push(whom);
    else wanted.set(keyOf(owner), { owner, limits: limitsOf(quota), whom });
  }
  const found = new Map(live.flatMap((quota) => {
    const owner = liveOwner(quota);
    return owner ? [[keyOf(owner), { owner, quota }] as const] : [];
  }));
  return {
    set: [...wanted].filter(([key, { limits }]) => !isQuota(found.get(key)?.quota, limits, changed))
      .map(([, quota]) => quota),
    remove: [...found].filter(([key]) => !wanted.has(key)).map(([, { owner }]) => owner),
    missing,
    twice,
  };
}

function limitsOf(quota: SpecQuota): Required<QuotaLimits> {
  const { size, softSize, files = 0, softFiles = 0, gracePeriod } = quota;
  return {
    limitBytes: size === undefined ? 0 : amountOf(size),
    softBytes: softSize === undefined ? 0 : amountOf(softSize),
    limitFiles: files,
    softFiles,
    graceSeconds: gracePeriod === undefined ? 0 : Math.round(secondsOf(gracePeriod)),
  };
}

/** Sizes come back rounded. */
function isQuota(live: Quota | undefined, wanted: QuotaLimits, changed: boolean): boolean {
  const { limitBytes = 0, softBytes = 0, limitFiles, softFiles, graceSeconds } = wanted;
  const alike = (shown: number | undefined, bytes: number) =>
    shown === sizeAsShown(bytes) && !(changed && shown !== bytes);
  return live !== undefined &&
    alike(live.limitBytes, limitBytes) &&
    alike(live.softBytes, softBytes) &&
    live.limitFiles === limitFiles &&
    live.softFiles === softFiles &&
    live.graceSeconds === graceSeconds;
}

function ownerOf(
  { user, group, uid, gid }: SpecQuota,
  { uids, gids }: Numbers,
): QuotaOwner | undefined {
  const [byUser, byGroup] = [
    user === undefined ? uid : uids.get(user),
    group === undefined ? gid : gids.get(group),
  ];
  if (byUser !== undefined) return { uid: byUser };
  return byGroup === undefined ? undefined : { gid: byGroup };
}

/** Undefined for the quota of everybody, which the server has no way to change. */
function liveOwner({ scope, identityId }: Quota): QuotaOwner | undefined {
  if (identityId === undefined) return undefined;
  return scope === "group" ? { gid: identityId } : { uid: identityId };
}

function keyOf(owner: QuotaOwner): string {
  return "uid" in owner ? `user ${owner.uid}` : `group ${owner.gid}`;
}

const isByNumber = ({ uid, gid }: SpecQuota) => uid !== undefined || gid !== undefined;

function whomOf({ user, group, uid, gid }: SpecQuota): string {
  if (user !== undefined) return `user "${user}"`;
  if (group !== undefined) return `group "${group}"`;
  return uid === undefined ? `group ${gid}` : `user ${uid}`;
}
