// spec.adapters; ports that collide are in ports.ts.

import { objectName } from "./_forms.ts";
import { bounds, oneOf, required, type Row } from "./_table.ts";

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
];
