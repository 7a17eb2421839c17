// NFS, SMB, and the volume that is mounted with the one.

import { dataSize, objectName } from "../_forms.ts";
import { type JsonObject, merged } from "../_json.ts";
import { between, bounds, form, longest, most, oneOf, refused, type Row } from "../_table.ts";
import { FULL, MINIMAL } from "./_full.ts";

const CLIENT =
  "must be an IP address, an address range in CIDR form, or a host name that may begin with *., such as 10.0.0.0/8 or *.example.com";

const clients = (value: string): JsonObject =>
  merged(MINIMAL, { nfs: { allowedClients: [value] } });

const client = (values: readonly string[]) =>
  values.map((value) =>
    refused(
      "nfs.allowedClients[0]",
      value,
      clients("a"),
      `Invalid value: "string": ${CLIENT}`,
    )
  );

const nfs = (fields: JsonObject): JsonObject => ({ ...MINIMAL, nfs: fields });

export const protocols: readonly Row[] = [
  ...oneOf("nfs.squash", [
    ...["none", "root_to_admin", "root_to_guest", "all_to_admin", "all_to_guest"] as const,
  ], FULL),
  ...bounds("nfs.anonymousUID", 0, 4_294_967_294, FULL),
  ...bounds("nfs.anonymousGID", 0, 4_294_967_294, FULL),
  ...oneOf("nfs.minKerberosLevel", ["krb5", "krb5i", "krb5p"], FULL),
  ...[
    ...["192.0.2.1", "2001:db8::1", "10.0.0.0/8", "2001:db8::/32", "0.0.0.0/0"],
    ...["host", "host.example.com", "*.example.com", "xn--bcher-kva.example"],
  ].map((value): Row => ({ says: `a client ${value}`, spec: clients(value) })),
  // What looks like an address and is none is no host either.
  ...client([
    "",
    "10.0.0.300",
    "10.0.0.0/33",
    "10.0.0",
    "*",
    "*.",
    "a b",
    "host.",
    "a/b",
    "@netgroup",
  ]),
  ...longest("nfs.allowedClients[0]", 253, { around: clients("a") }),
  ...most("nfs.allowedClients", 256, (index) => `h${index}`, FULL),
  ...between({
    field: "spec.nfs.allowAuthSys",
    message:
      "allowAuthSys is true but requireKerberos lets in nobody without Kerberos; remove one of them",
    accepted: [
      nfs({ requireKerberos: true }),
      nfs({ allowAuthSys: true }),
      nfs({ requireKerberos: true, allowAuthSys: false }),
    ],
    refused: [nfs({ requireKerberos: true, allowAuthSys: true })],
  }),
  refused(
    "smb.encryptData",
    "true",
    FULL,
    `Invalid value: "string": spec.smb.encryptData in body must be of type boolean: "string"`,
  ),
];

export const persistentVolume: readonly Row[] = [
  ...objectName("persistentVolume.claimName", "projects", FULL),
  ...dataSize("persistentVolume.capacity", "100Gi", FULL),
  ...oneOf("persistentVolume.nfsVersion", ["3", "4.0", "4.1"], FULL),
  ...form(
    "persistentVolume.mountOptions[0]",
    "an option of mount, without blanks and commas, such as noatime",
    { accepted: ["soft", "timeo=600", "portable", "nolock"], refused: ["", "a b", "a,b"] },
    FULL,
  ),
  ...["vers=3", "nfsvers=4.1", "port=2049", "mountport=2049", "proto=tcp", "udp"].map((option) =>
    refused(
      "persistentVolume.mountOptions[0]",
      option,
      FULL,
      `Invalid value: "string": must not be about the version, the ports and the protocol, which the operator sets itself; set nfsVersion instead of vers`,
    )
  ),
  ...longest("persistentVolume.mountOptions[0]", 128, { around: FULL }),
  ...most("persistentVolume.mountOptions", 32, (index) => `o${index}`, FULL),
];
