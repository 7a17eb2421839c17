// How a share is exported over NFS.

import type { ShareNfsConfig, ShareNfsPatch } from "../../dittofs/share_nfs.ts";
import { storeName } from "./names.ts";
import type { Lack } from "./row.ts";
import type { Share } from "./share.ts";

/** The fields of the export that are ours: all that there are. */
export function exportFields({ shareName, spec: { nfs } }: Share): Required<ShareNfsPatch> {
  return {
    squash: nfs.squash,
    anonymousUid: nfs.anonymousUID,
    anonymousGid: nfs.anonymousGID,
    allowAuthSys: nfs.allowAuthSys ?? !nfs.requireKerberos,
    requireKerberos: nfs.requireKerberos,
    minKerberosLevel: nfs.minKerberosLevel,
    netgroup: nfs.allowedClients ? storeName(shareName) : "",
    disableReaddirplus: nfs.disableReaddirplus,
  };
}

const IN_SPEC: Readonly<Record<keyof ShareNfsPatch, string>> = {
  allowAuthSys: "nfs.allowAuthSys",
  anonymousGid: "nfs.anonymousGID",
  anonymousUid: "nfs.anonymousUID",
  disableReaddirplus: "nfs.disableReaddirplus",
  minKerberosLevel: "nfs.minKerberosLevel",
  netgroup: "nfs.allowedClients",
  requireKerberos: "nfs.requireKerberos",
  squash: "nfs.squash",
};

/** What the server takes over when it starts. */
const AT_RESTART: ReadonlySet<keyof ShareNfsPatch> = new Set<keyof ShareNfsPatch>([
  "allowAuthSys",
  "disableReaddirplus",
  "minKerberosLevel",
  "requireKerberos",
]);

/** Those of the fields that wait for a restart that keep somebody out. */
export const PROTECTIONS: ReadonlySet<string> = new Set([
  "nfs.allowAuthSys",
  "nfs.minKerberosLevel",
  "nfs.requireKerberos",
  "smb.encryptData",
]);

/** The ids of nobody, which the server leaves out where nobody has set others. */
const NOBODY = 65534;

/** What an export lacks of the wanted fields. */
export function exportLack(
  config: ShareNfsConfig,
  wanted: Required<ShareNfsPatch>,
): Lack<ShareNfsPatch> {
  const live = { anonymousUid: NOBODY, anonymousGid: NOBODY, ...config };
  const names = (Object.keys(IN_SPEC) as (keyof ShareNfsPatch)[])
    .filter((name) => live[name] !== wanted[name]);
  return {
    fields: Object.fromEntries(names.map((name) => [name, wanted[name]])),
    names: names.map((name) => IN_SPEC[name]),
    atRestart: names.filter((name) => AT_RESTART.has(name)).map((name) => IN_SPEC[name]),
  };
}
