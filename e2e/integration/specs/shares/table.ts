// The whole table of shares, by block, and what may become of one later.

import { snapshotSchedule } from "../_forms.ts";
import { type JsonObject, merged } from "../_json.ts";
import { becomes, cannotBecome, stays } from "../_managed.ts";
import type { Row } from "../_table.ts";
import type { Change } from "../transitions.ts";
import { grants, lifecycle, quotas } from "./access.ts";
import { FULL, MINIMAL, S3 } from "./_full.ts";
import { names } from "./names.ts";
import { persistentVolume, protocols } from "./protocols.ts";
import { storage } from "./storage.ts";

const whole: readonly Row[] = [
  { says: "the smallest spec", spec: MINIMAL },
  { says: "a spec with every block", spec: FULL },
  { says: "no spec", spec: null, cause: { field: "spec", message: "Required value" } },
];

/** The rows of each block. */
export const SHARES: Readonly<Record<string, readonly Row[]>> = {
  "the whole": whole,
  "names and serverRef": names,
  storage,
  "defaultPermission, owner and grants": grants,
  "quota and quotas": quotas,
  "trash and reclaimPolicy": lifecycle,
  "nfs and smb": protocols,
  snapshotPolicy: snapshotSchedule("snapshotPolicy", FULL),
  persistentVolume,
};

const COPY = "create a new DittoShare and copy the data";

const stored = (storage: JsonObject): JsonObject => ({ ...MINIMAL, storage });
const bucket = (fields: JsonObject): JsonObject =>
  stored({ remote: { s3: merged(S3, fields), cache: {} } });
const { prefix: _prefix, compression: _compression, ...bare } = S3;
const bareBucket = stored({ remote: { s3: bare } });

const inBucket = (field: string, before: JsonObject, after: JsonObject) =>
  cannotBecome(
    before,
    after,
    `spec.storage.remote.s3.${field}`,
    `${field} cannot change, because the file contents lie in the bucket as it says; restore the old value, or ${COPY}`,
  );

const owned = (owner?: string): JsonObject => ({ ...MINIMAL, ...(owner && { owner }) });

const givenAway = (before?: string, after?: string) =>
  cannotBecome(
    owned(before),
    owned(after),
    "spec.owner",
    "owner cannot change, because the server gives the root directory away only when it makes the share; restore the old value, and change the owner with chown from a client",
  );

/** The contents of files do not follow to a bucket, or from it. */
const otherRemote = (before: JsonObject, after: JsonObject) =>
  cannotBecome(
    before,
    after,
    "spec.storage.remote",
    `remote can be neither added nor removed, because the files would be lost; restore the old value, or ${COPY}`,
  );

/** Every change of the table. */
export const SHARE_CHANGES: readonly Change[] = [
  ...stays("share", "DittoShare", MINIMAL, "shareName"),
  cannotBecome(
    stored({ metadata: { type: "sqlite" } }),
    stored({}),
    "spec.storage.metadata.type",
    `type cannot change, because the names of all files are in that database; restore the old value, or ${COPY}`,
  ),
  becomes(stored({}), stored({ metadata: { type: "badger" } })),
  becomes(stored({ local: { size: "1Gi" } }), stored({ local: { size: "2Gi" } })),
  otherRemote(stored({}), bucket({})),
  otherRemote(bucket({}), stored({})),
  inBucket("bucket", bucket({}), bucket({ bucket: "other" })),
  inBucket("prefix", bucket({}), bucket({ prefix: "other" })),
  inBucket(
    "prefix",
    merged(bareBucket, bucket({ compression: "lz4" })),
    merged(bareBucket, {
      storage: { remote: { s3: { compression: "lz4" }, cache: {} } },
    }),
  ),
  inBucket(
    "prefix",
    bareBucket,
    merged(bareBucket, { storage: { remote: { s3: { prefix: "a" } } } }),
  ),
  inBucket("compression", bucket({}), bucket({ compression: "lz4" })),
  inBucket(
    "compression",
    bareBucket,
    merged(bareBucket, { storage: { remote: { s3: { compression: "lz4" } } } }),
  ),
  becomes(
    bucket({}),
    bucket({
      region: "us-west-2",
      endpoint: "https://elsewhere.example.com",
      allowPrivateEndpoint: false,
      parallelUploads: 1,
      credentialsSecretRef: { name: "new-credentials" },
    }),
  ),
  becomes(owned("alice"), owned("alice")),
  givenAway("alice", "bob"),
  givenAway("alice"),
  givenAway(undefined, "alice"),
  becomes(
    MINIMAL,
    {
      ...MINIMAL,
      quota: "1Gi",
      readOnly: true,
      reclaimPolicy: "Delete",
      defaultPermission: "read-write",
    },
  ),
];
