// Where clients find a share, ready to paste.

import type { DittoServerStatus } from "../../api/dittoserver.ts";
import type { DittoShareStatus } from "../../api/dittoshare.ts";
import type { Share } from "./share.ts";
import { versionOptions } from "./volume.ts";

/** The endpoints in the status. One is absent while the server has none. */
export type ShareEndpoints = Pick<
  DittoShareStatus,
  "exportPath" | "mountCommand" | "nfsEndpoint" | "smbEndpoint"
>;

const SMB_PORT = "445";
const NFS_VERSION = "4.1";

export function endpointsOf(
  { shareName, spec }: Share,
  server: Pick<DittoServerStatus, "nfsEndpoint" | "smbEndpoint"> = {},
): ShareEndpoints {
  const nfs = server.nfsEndpoint === undefined ? undefined : parted(server.nfsEndpoint);
  const smb = server.smbEndpoint === undefined ? undefined : parted(server.smbEndpoint);
  const version = spec.persistentVolume?.nfsVersion ?? NFS_VERSION;
  const path = `/${shareName}`;
  return {
    exportPath: path,
    ...(nfs && {
      nfsEndpoint: `${nfs.host}:${path}`,
      mountCommand: `mount -t nfs -o ${
        versionOptions(version, Number(nfs.port)).join(",")
      } ${nfs.host}:${path} /mnt`,
    }),
    ...(smb && {
      smbEndpoint: `//${smb.host}${smb.port === SMB_PORT ? "" : `:${smb.port}`}${path}`,
    }),
  };
}

/** HOST:PORT; a host that is an IPv6 address stands in brackets. */
function parted(endpoint: string): { readonly host: string; readonly port: string } {
  const colon = endpoint.lastIndexOf(":");
  return { host: endpoint.slice(0, colon), port: endpoint.slice(colon + 1) };
}
