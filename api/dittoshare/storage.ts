// Where a share keeps its files: every share has stores of its own, because the server counts
// quotas and usage for each store of metadata.

import * as z from "zod";
import { anyText, dataSize, duration, objectName, secretKey, text } from "../fields.ts";
import { rules, type ValidationRule } from "../schema.ts";

const credentials = z.object({
  name: objectName("bucket-credentials").meta({
    description: "Name of the Secret, in the namespace of this resource.",
  }),
  accessKeyIDKey: secretKey("AWS_ACCESS_KEY_ID").default("access-key-id").meta({
    description: "Key in the Secret under which the access key's ID is.",
  }),
  secretAccessKeyKey: secretKey("AWS_SECRET_ACCESS_KEY").default("secret-access-key").meta({
    description: "Key in the Secret under which the secret access key is.",
  }),
});

/** Where and how contents lie in the bucket stays, or what is there could not be read any more. */
const keeps = (field: string): ValidationRule => ({
  rule:
    `has(self.${field}) == has(oldSelf.${field}) && (!has(self.${field}) || self.${field} == oldSelf.${field})`,
  message:
    `${field} cannot change, because the file contents lie in the bucket as it says; restore the old value, or create a new DittoShare and copy the data`,
  fieldPath: `.${field}`,
});

const s3 = z.object({
  bucket: text(
    /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
    63,
    "the name of a bucket: 3 to 63 lower-case letters, digits, '.' and '-', beginning and ending with a letter or digit",
    "team-files",
  ).meta({ description: "Bucket, which must exist. It cannot change later." }),
  prefix: text(
    /^[A-Za-z0-9_.-]+(\/[A-Za-z0-9_.-]+)*\/?$/,
    512,
    "a path in the bucket: letters, digits, '.', '_', '-' and '/', not beginning with '/'",
    "projects/2026",
  ).optional().meta({
    description:
      "Path in the bucket below which everything is. Without it NAMESPACE/NAME of this resource, so that shares never meet: two shares must not have the same path in one bucket. It cannot change later.",
  }),
  region: anyText(64, "eu-west-1").default("us-east-1").meta({
    description: "Region of the bucket.",
  }),
  endpoint: text(
    /^https?:\/\/[^\s\/?#]+\/?$/,
    512,
    "the address of an S3 service: http:// or https://, a host, and nothing after its port",
    "https://minio.storage.svc:9000",
  ).optional().meta({ description: "Address of the S3 service. Without it that of Amazon." }),
  allowPrivateEndpoint: z.boolean().default(false).meta({
    description:
      "Must be true where the endpoint has a private address, as one in the cluster does; the server refuses it otherwise.",
  }),
  forcePathStyle: z.boolean().optional().meta({
    description:
      "Names the bucket in the path and not in the host. Without it true where there is an endpoint.",
    examples: [true],
  }),
  credentialsSecretRef: credentials.meta({
    description: "Secret with the access key. New values are taken over without a restart.",
  }),
  compression: z.enum(["zstd", "lz4"]).optional().meta({
    description:
      "Compresses what goes into the bucket. Without it nothing is. It cannot change later.",
    examples: ["zstd"],
  }),
  parallelUploads: z.int().min(1).max(256).optional().meta({
    description: "Uploads at the same time. Without it the server finds the number itself.",
    examples: [16],
  }),
}).meta({
  description: "A bucket of an S3 service.",
  ...rules(keeps("bucket"), keeps("prefix"), keeps("compression"), {
    rule: "!self.allowPrivateEndpoint || has(self.endpoint)",
    message: "allowPrivateEndpoint is about endpoint; set endpoint as well, or remove it",
    fieldPath: ".allowPrivateEndpoint",
  }),
});

const cache = z.object({
  size: dataSize("20Gi").optional().meta({
    description:
      "Disk that the cache may take on the server's volume. Without it spec.blockStore.defaultRemoteCacheSize of the DittoServer, 10Gi unless set there. A change takes effect when the server restarts.",
  }),
  policy: z.enum(["lru", "ttl", "pin"]).default("lru").meta({
    description:
      "Which contents leave the cache: lru, those not used for longest when it is full; ttl, those not used for as long as ttl says; pin, none, so that the cache must hold all of the share. All of them stay in the remote store.",
  }),
  ttl: duration("1m", "87600h", "72h").optional().meta({
    description: "How long unused contents stay, for policy ttl.",
  }),
}).meta({
  description: "The local cache of the remote store.",
  ...rules(
    {
      rule: "self.policy != 'ttl' || has(self.ttl)",
      message: "policy is ttl but nothing says how long contents stay; set ttl, such as 72h",
      fieldPath: ".ttl",
    },
    {
      rule: "self.policy == 'ttl' || !has(self.ttl)",
      message: "ttl is for policy ttl; set policy to ttl, or remove it",
      fieldPath: ".ttl",
    },
  ),
});

const remote = z.object({
  s3: s3.meta({ description: "A bucket of an S3 service." }),
  cache: cache.prefault({}),
}).meta({
  description:
    "Keeps file contents outside of the cluster; the server's volume is then only a cache of them. It can be neither added nor removed later.",
});

const local = z.object({
  size: dataSize("50Gi").optional().meta({
    description:
      "Disk that file contents may take on the server's volume; writes fail when it is full. Without it as much as the volume has room for. A change takes effect when the server restarts.",
  }),
}).meta({ description: "File contents on the server's volume." });

const metadata = z.object({
  type: z.enum(["badger", "sqlite"]).default("badger").meta({
    description:
      "Kind of the database of file names and attributes: badger is made for many files and writes, sqlite takes less memory. It cannot change later.",
    examples: ["sqlite"],
  }),
}).meta({
  description: "Names and attributes of files.",
  ...rules({
    rule: "self.type == oldSelf.type",
    message:
      "type cannot change, because the names of all files are in that database; restore the old value, or create a new DittoShare and copy the data",
    fieldPath: ".type",
  }),
});

/** Where a share keeps its files. */
export const shareStorage = z.object({
  metadata: metadata.prefault({}),
  local: local.optional(),
  remote: remote.optional(),
}).meta({
  description: "Where the files are kept.",
  ...rules(
    {
      rule: "!has(self.remote) || !has(self.local) || !has(self.local.size)",
      message:
        "local.size is for a share without remote, whose local store is a cache; set remote.cache.size, and remove local.size",
      fieldPath: ".local",
    },
    {
      // Version 0.29 of the server takes what a share has for uploaded when it gets a bucket, and
      // reads zeros as soon as that has left the cache.
      rule: "has(oldSelf.remote) == has(self.remote)",
      message:
        "remote can be neither added nor removed, because the files would be lost; restore the old value, or create a new DittoShare and copy the data",
      fieldPath: ".remote",
    },
  ),
});
