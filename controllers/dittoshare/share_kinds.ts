// The kinds that a DittoShare is made of, or that say something about it; how they are watched,
// and whom a change of one concerns.

import type { DittoShare } from "../../api/dittoshare.ts";
import type { DittoServer } from "../../api/dittoserver.ts";
import type { DittoGroup } from "../../api/dittogroup.ts";
import type { DittoUser } from "../../api/dittouser.ts";
import type { PersistentVolume, PersistentVolumeClaim } from "../../api/kubernetes/types.ts";
import { Cache } from "../../kube/cache.ts";
import { type Key, keyOf, type KubernetesObject, type Live, makeKey } from "../../kube/object.ts";
import type { Watched } from "../../kube/program.ts";
import { type Related, related } from "../../kube/relations.ts";
import type { Referenced } from "../../kube/references.ts";
import type { Secret } from "../../api/kubernetes/types.ts";
import type { Tracked } from "../../kube/tracked.ts";
import { CHILD_SELECTOR } from "../dittoserver/names.ts";
import { byOwner } from "../dittoserver/pass.ts";
import { dittoShares, persistentVolumeClaims, persistentVolumes } from "../kinds.ts";
import { relatedBy, relatedServers } from "../rest/server_changes.ts";
import { serverKeyOf } from "../rest/server_ref.ts";
import type { ServerView, ShareKinds } from "./context.ts";
import { BY_PLACE, placeKey, placeKeyOf } from "./rivals.ts";
import { SHARE_UID_LABEL } from "./volume.ts";
import { BY_SHARE } from "./volume_step.ts";

/** The names of indexes of shares: by server, by the Secret that they read, by UID. */
const BY_SERVER = "server";
const BY_SECRET = "secret";
const BY_UID = "uid";

/** The shares on a server. */
export type SharesOn = (serverKey: Key) => Key[];

/** Everything that the controller of shares watches beside servers. */
export interface ShareWatches {
  readonly kinds: ShareKinds;
  readonly sharesOn: SharesOn;
  /** Whether a resource of its own says when snapshots of a share are made. */
  readonly hasPolicy: (serverKey: Key, shareName: string) => boolean;
  /** Calls back with each server for one of whose shares that has changed. */
  readonly onPolicyChange: (listener: (serverKey: Key) => void) => void;
  readonly watched: readonly Watched[];
}

/** New caches, all empty. */
export function shareWatches(): ShareWatches {
  const shares = new Cache<DittoShare>({
    indexes: {
      [BY_SERVER]: (share) => [serverKeyOf(share)],
      [BY_PLACE]: (share) => [placeKeyOf(share)],
      [BY_SECRET]: secretKeys,
      [BY_UID]: ({ metadata }) => [metadata.uid],
    },
  });
  const kinds: ShareKinds = {
    shares: { resource: dittoShares, cache: shares, use: "patch" },
    claims: {
      resource: persistentVolumeClaims,
      cache: new Cache<PersistentVolumeClaim>({ indexes: byOwner }),
      use: "apply",
      deletes: true,
    },
    volumes: {
      resource: persistentVolumes,
      cache: new Cache<PersistentVolume>({ indexes: { [BY_SHARE]: shareUid } }),
      use: "apply",
      deletes: true,
    },
  };
  return {
    kinds,
    sharesOn: (serverKey) => shares.byIndex(BY_SERVER, serverKey).map(keyOf),
    hasPolicy: (serverKey, shareName) =>
      shares.byIndex(BY_PLACE, placeKey(serverKey, shareName)).some(hasPolicy),
    onPolicyChange: (listener) =>
      shares.onChange(({ old, now }) => {
        if (hasPolicy(old) === hasPolicy(now)) return;
        const share = now ?? old;
        if (share) listener(serverKeyOf(share));
      }),
    watched: [
      { tracked: kinds.shares },
      { tracked: kinds.claims, labelSelector: CHILD_SELECTOR },
      { tracked: kinds.volumes, labelSelector: `${CHILD_SELECTOR},${SHARE_UID_LABEL}` },
    ],
  };
}

/** What others watch and shares look at. */
export interface Neighbours {
  readonly servers: ServerView;
  readonly secrets: Referenced<Secret>;
  readonly users: Tracked<DittoUser>;
  readonly groups: Tracked<DittoGroup>;
}

/** Whose shares to look at again when something else changes. */
export function shareRelations(
  { kinds, sharesOn }: ShareWatches,
  { servers, secrets, users, groups }: Neighbours,
): Related[] {
  const { cache } = kinds.shares;
  const rivals = (share: Live<DittoShare>) =>
    cache.byIndex(BY_PLACE, placeKeyOf(share)).map(keyOf).filter((key) => key !== keyOf(share));
  const onServer = ({ metadata }: KubernetesObject) => onInstance(sharesOn, metadata);
  const about = (name: string, resource: DittoUser | DittoGroup) =>
    sharesAbout(name, cache, sharesOn(serverKeyOf(resource)));
  return [
    // Who has a name gives it up, or somebody older comes.
    related(kinds.shares, rivals),
    related(kinds.volumes, (volume) => {
      return shareUid(volume).flatMap((uid) => cache.byIndex(BY_UID, uid).map(keyOf));
    }),
    relatedServers(servers.servers, sharesOn, concernsOf),
    relatedBy(servers.claims, ({ metadata }) => metadata.uid, onServer),
    relatedBy(
      servers.services,
      ({ spec }) => [spec?.clusterIP, spec?.ports?.map(({ name, port }) => [name, port])],
      onServer,
    ),
    relatedBy(servers.statefulSets, ({ spec }) => spec?.volumeClaimTemplates?.length, onServer),
    related(secrets, (secret) => cache.byIndex(BY_SECRET, keyOf(secret)).map(keyOf), "user"),
    related(users, (user) => about(user.spec.username ?? user.metadata.name, user)),
    related(groups, (group) => about(group.spec.groupName ?? group.metadata.name, group)),
  ];
}

/** What else of a server counts for its shares. */
function concernsOf({ spec, status }: DittoServer) {
  return {
    adapters: spec.adapters?.nfs?.enabled ?? null,
    blockStore: spec.blockStore ?? null,
    memory: [spec.memory ?? null, spec.resources ?? null],
    snapshotPolicies: spec.snapshotPolicies ?? [],
    endpoints: [status?.nfsEndpoint ?? "", status?.smbEndpoint ?? ""],
    volumes: status?.volumes?.map(({ name, capacity = "" }) => [name, capacity]) ?? [],
  };
}

/** Reasons to wait for a user or a group. */
const MISSING = new Set(["NotFound", "OwnerNotFound"]);

/** Those of some shares that wait for a user or a group, or name the one that has come or gone. */
export function sharesAbout(
  name: string,
  shares: Pick<Cache<DittoShare>, "get">,
  keys: readonly Key[],
): Key[] {
  return keys.filter((key) => {
    const share = shares.get(key);
    return misses(share) || names(share, name);
  });
}

function names(share: DittoShare | undefined, name: string): boolean {
  const { owner, grants = [], quotas = [] } = share?.spec ?? {};
  return owner === name ||
    [...grants, ...quotas].some(({ user, group }) => user === name || group === name);
}

function misses(share: DittoShare | undefined): boolean {
  return share?.status?.conditions?.some(({ reason }) => MISSING.has(reason)) ?? false;
}

/** The shares on the server that a label names. */
function onInstance(sharesOn: SharesOn, metadata: KubernetesObject["metadata"]): Key[] {
  const name = metadata?.labels?.instance;
  return name === undefined ? [] : sharesOn(makeKey(metadata?.namespace, name));
}

function hasPolicy(share: DittoShare | undefined): boolean {
  return share?.spec.snapshotPolicy !== undefined;
}

function secretKeys({ metadata, spec: { storage } }: Live<DittoShare>): Key[] {
  const name = storage?.remote?.s3.credentialsSecretRef.name;
  return name === undefined ? [] : [makeKey(metadata.namespace, name)];
}

function shareUid({ metadata }: Live<PersistentVolume>): string[] {
  const uid = metadata.labels?.[SHARE_UID_LABEL];
  return uid === undefined ? [] : [uid];
}
