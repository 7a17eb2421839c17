// A PersistentVolume that leads to a share, and the claim by which pods mount it.
//
// Nodes mount it, and nodes do not know the names of Services: so the volume has the address of
// the Service in the cluster, which the Service keeps for as long as it exists. Sizes mean
// nothing here, but Kubernetes compares them: a claim never gets another one.

import type { PersistentVolume, PersistentVolumeClaim } from "../../api/kubernetes/types.ts";
import { MANAGED_BY_LABEL, OPERATOR } from "../dittoserver/names.ts";
import { canonicalQuantity } from "../quantity.ts";
import { volumeName } from "./names.ts";
import type { Share } from "./share.ts";

/** On a PersistentVolume: the UID of the DittoShare that it belongs to. */
export const SHARE_UID_LABEL = "dittofs.dittofs.com/share-uid";

/** Where nodes find the server. */
export interface NfsAddress {
  readonly host: string;
  readonly port: number;
}

const SIZE_OF_ANYTHING = "1Ti";

/** The name of the claim; undefined if there is to be none. */
export function claimNameOf({ name, spec: { persistentVolume } }: Share): string | undefined {
  return persistentVolume && (persistentVolume.claimName ?? name);
}

type AccessModes = NonNullable<NonNullable<PersistentVolumeClaim["spec"]>["accessModes"]>;

/** What can never change of a claim, and so not of its volume. */
export interface Kept {
  readonly size: string;
  readonly accessModes: AccessModes;
}

/** What an existing claim keeps, or what a new one is to have. */
export function keptOf(share: Share, claim: PersistentVolumeClaim | undefined): Kept {
  const { accessModes, resources } = claim?.spec ?? {};
  return {
    size: resources?.requests?.storage ?? sizeOf(share),
    accessModes: accessModes ?? [share.spec.readOnly ? "ReadOnlyMany" : "ReadWriteMany"],
  };
}

/** The claim. */
export function claimOf(share: Share, { size, accessModes }: Kept): PersistentVolumeClaim {
  const { name, namespace, owner } = share;
  return {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: {
      name: claimNameOf(share) ?? name,
      namespace,
      labels: labelsOf(share),
      ownerReferences: [owner],
    },
    spec: {
      accessModes,
      resources: { requests: { storage: size } },
      // No class at all: a default one would look for another volume.
      storageClassName: "",
      volumeMode: "Filesystem",
      volumeName: volumeName(namespace, name),
    },
  };
}

/** The volume, which nothing but the claim can take. */
export function persistentVolumeOf(
  share: Share,
  { host, port }: NfsAddress,
  { size, accessModes }: Kept,
): PersistentVolume {
  const { name, namespace, shareName } = share;
  return {
    apiVersion: "v1",
    kind: "PersistentVolume",
    metadata: { name: volumeName(namespace, name), labels: labelsOf(share) },
    spec: {
      accessModes,
      capacity: { storage: size },
      claimRef: {
        apiVersion: "v1",
        kind: "PersistentVolumeClaim",
        name: claimNameOf(share) ?? name,
        namespace,
      },
      mountOptions: mountOptions(share, port),
      nfs: { server: host, path: `/${shareName}`, readOnly: false },
      persistentVolumeReclaimPolicy: "Retain",
      storageClassName: "",
      volumeMode: "Filesystem",
    },
  };
}

/** The options without which a mount does not find the server, and those that the user wants. */
export function mountOptions({ spec }: Share, port: number): string[] {
  const { nfsVersion = "4.1", mountOptions = [] } = spec.persistentVolume ?? {};
  return [...versionOptions(nfsVersion, port), "hard", ...mountOptions];
}

/** Version 3 has several protocols, which the server speaks on one port, and no way back for locks. */
export function versionOptions(version: string, port: number): string[] {
  const usual = [`nfsvers=${version}`, "tcp", `port=${port}`];
  return version === "3" ? [...usual, `mountport=${port}`, "mountproto=tcp", "nolock"] : usual;
}

/** By which the volumes of shares are watched, and each is known as that of its share. */
export function labelsOf({ uid }: Pick<Share, "uid">) {
  return { [MANAGED_BY_LABEL]: OPERATOR, [SHARE_UID_LABEL]: uid };
}

function sizeOf({ spec: { persistentVolume, quota } }: Share): string {
  return canonicalQuantity(persistentVolume?.capacity ?? quota ?? SIZE_OF_ANYTHING);
}
