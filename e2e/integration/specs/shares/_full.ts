// A share with every block, and the smallest one.

import type { JsonObject } from "../_json.ts";

/** The smallest spec. */
export const MINIMAL: JsonObject = { serverRef: { name: "files" } };

/** A bucket, as a share can have one. */
export const S3: JsonObject = {
  bucket: "team-files",
  prefix: "projects/2026",
  region: "eu-west-1",
  endpoint: "https://minio.storage.svc:9000",
  allowPrivateEndpoint: true,
  forcePathStyle: true,
  credentialsSecretRef: {
    name: "bucket-credentials",
    accessKeyIDKey: "AWS_ACCESS_KEY_ID",
    secretAccessKeyKey: "AWS_SECRET_ACCESS_KEY",
  },
  compression: "zstd",
  parallelUploads: 16,
};

/** A spec in which each value of the table finds its block and what that needs beside it. */
export const FULL: JsonObject = {
  serverRef: { name: "files", namespace: "storage" },
  shareName: "projects",
  storage: {
    metadata: { type: "sqlite" },
    remote: { s3: S3, cache: { size: "20Gi", policy: "ttl", ttl: "72h" } },
  },
  defaultPermission: "read",
  owner: "alice",
  quota: "100Gi",
  readOnly: false,
  trash: {
    enabled: true,
    retentionDays: 30,
    maxSize: "10Gi",
    exclude: ["*.tmp"],
  },
  smb: {
    encryptData: true,
    accessBasedEnumeration: true,
    changeNotify: false,
    streams: false,
    continuousAvailability: true,
    mfsymlinks: true,
    aclFlagInheritedCanonicalization: false,
  },
  nfs: {
    squash: "all_to_guest",
    anonymousUID: 1000,
    anonymousGID: 1000,
    allowAuthSys: false,
    requireKerberos: true,
    minKerberosLevel: "krb5p",
    allowedClients: ["10.0.0.0/8", "192.0.2.1", "*.example.com"],
    disableReaddirplus: true,
  },
  grants: [
    { user: "alice", permission: "read-write" },
    { group: "engineering", permission: "read" },
    { userSID: "S-1-5-21-1-2-3-1107", permission: "admin" },
    { groupSID: "S-1-5-21-1-2-3-513", permission: "none" },
  ],
  quotas: [
    {
      user: "alice",
      size: "50Gi",
      softSize: "40Gi",
      files: 1_000_000,
      softFiles: 900_000,
      gracePeriod: "168h",
    },
    { group: "engineering", size: "1Ti" },
    { uid: 1001, files: 10 },
    { gid: 5000, softSize: "1Gi" },
  ],
  snapshotPolicy: {
    interval: "@daily",
    keepLast: 14,
    ttl: "720h",
    enabled: true,
    namePrefix: "nightly",
  },
  persistentVolume: {
    claimName: "projects",
    capacity: "100Gi",
    nfsVersion: "4.1",
    mountOptions: ["noatime"],
  },
  reclaimPolicy: "Delete",
  management: "Report",
};
