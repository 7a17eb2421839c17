// spec.adapters; ports that collide are in ports.ts.

import { NFS_OPERATIONS } from "../../../api/dittoserver/nfs_operations.ts";
import { FULL, MINIMAL } from "./_full.ts";
import { objectName, seconds } from "./_forms.ts";
import { between, bounds, oneOf, refused, required, type Row } from "./_table.ts";

const DIALECTS = ["SMB2.0", "SMB2.1", "SMB3.0", "SMB3.0.2", "SMB3.1.1"] as const;

const dialects = (minDialect: string, maxDialect: string) => ({
  ...MINIMAL,
  adapters: { smb: { minDialect, maxDialect } },
});

const range = { from: "10s", to: "1h", example: "90s", tooShort: "9s", tooLong: "3601s" };

export const adapters: readonly Row[] = [
  ...bounds("adapters.nfs.port", 1024, 65_535),
  ...bounds("adapters.smb.port", 1024, 65_535),
  ...bounds("adapters.nfs.servicePort", 1, 65_535),
  ...bounds("adapters.smb.servicePort", 1, 65_535),
  ...bounds("adapters.nfs.portmapper.port", 1024, 65_535),
  ...objectName("adapters.nfs.tls.certSecretName", "files-nfs-tls"),
  ...required("adapters.nfs.tls.certSecretName"),
  ...objectName("adapters.nfs.tls.clientCASecretName", "files-client-ca"),
  ...oneOf("adapters.nfs.tls.mode", ["opportunistic", "require"]),
  ...oneOf("adapters.smb.signing", ["disabled", "enabled", "required"]),
  ...bounds("adapters.nfs.maxConnections", 0, 100_000),
  ...bounds("adapters.smb.maxConnections", 0, 100_000),
  ...bounds("adapters.nfs.maxConnectionsPerSession", 0, 1024),
  ...bounds("adapters.nfs.maxDelegations", 0, 1_000_000),
  ...seconds("adapters.nfs.leaseTime", range),
  ...seconds("adapters.nfs.gracePeriod", range),
  ...oneOf("adapters.nfs.blockedOperations[0]", NFS_OPERATIONS, {
    ...MINIMAL,
    adapters: { nfs: { blockedOperations: ["READ"] } },
  }),
  {
    ...refused("adapters.nfs.blockedOperations", ["READ", "READ"], FULL, ""),
    cause: {
      field: "spec.adapters.nfs.blockedOperations[1]",
      message: `Duplicate value: "READ"`,
    },
  },
  ...oneOf("adapters.smb.minDialect", DIALECTS),
  ...oneOf("adapters.smb.maxDialect", DIALECTS, {
    ...MINIMAL,
    adapters: { smb: {} },
  }),
  ...between({
    field: "spec.adapters.smb.minDialect",
    message:
      "minDialect is newer than maxDialect, so that nobody could connect; change one of them",
    accepted: [
      dialects("SMB2.0", "SMB2.1"),
      dialects("SMB3.0", "SMB3.0"),
      dialects("SMB3.0", "SMB3.0.2"),
      dialects("SMB3.0.2", "SMB3.1.1"),
    ],
    refused: [
      dialects("SMB2.1", "SMB2.0"),
      dialects("SMB3.0.2", "SMB3.0"),
      dialects("SMB3.1.1", "SMB3.0.2"),
    ],
  }),
];
