// Where the files are.

import { dataSize, duration, objectName, secretKey } from "../_forms.ts";
import { type JsonObject, merged, withValue } from "../_json.ts";
import { between, bounds, form, longest, notEmpty, oneOf, required, type Row } from "../_table.ts";
import { FULL, MINIMAL, S3 } from "./_full.ts";

const BUCKET = "storage.remote.s3";
const SECRET = `${BUCKET}.credentialsSecretRef`;

const LOCAL = merged(MINIMAL, { storage: { local: { size: "50Gi" } } });

const cached = (cache: JsonObject): JsonObject =>
  merged(MINIMAL, { storage: { remote: { s3: S3, cache } } });

export const storage: readonly Row[] = [
  ...oneOf("storage.metadata.type", ["badger", "sqlite"], FULL),
  ...dataSize("storage.local.size", "50Gi", LOCAL),
  ...required("storage.remote.s3", FULL),
  ...required(`${BUCKET}.bucket`, FULL),
  ...form(
    `${BUCKET}.bucket`,
    "the name of a bucket: 3 to 63 lower-case letters, digits, '.' and '-', beginning and ending with a letter or digit, such as team-files",
    {
      accepted: ["abc", "0.a-b", "a".repeat(63)],
      refused: ["", "ab", "-abc", "abc-", "Abc", "a_bc", "a/bc"],
    },
    FULL,
  ),
  ...longest(`${BUCKET}.bucket`, 63, { around: FULL }),
  ...form(
    `${BUCKET}.prefix`,
    "a path in the bucket: letters, digits, '.', '_', '-' and '/', not beginning with '/', such as projects/2026",
    {
      accepted: ["a", "a/", "A_1/b.c/d-e"],
      refused: ["", "/a", "a//b", "a b", "ä", "a?b"],
    },
    FULL,
  ),
  ...longest(`${BUCKET}.prefix`, 512, { around: FULL }),
  ...notEmpty(`${BUCKET}.region`, FULL),
  ...longest(`${BUCKET}.region`, 64, { around: FULL }),
  ...form(
    `${BUCKET}.endpoint`,
    "the address of an S3 service: http:// or https://, a host, and nothing after its port, such as https://minio.storage.svc:9000",
    {
      accepted: ["http://minio", "https://s3.example.com/", "http://[2001:db8::1]:9000"],
      refused: ["", "minio:9000", "s3://a", "http://", "http://a/b", "http://a?b", "http://a b"],
    },
    FULL,
  ),
  ...longest(`${BUCKET}.endpoint`, 512, { from: "http://", around: FULL }),
  ...required(SECRET, FULL),
  ...required(`${SECRET}.name`, FULL),
  ...objectName(`${SECRET}.name`, "bucket-credentials", FULL),
  ...secretKey(`${SECRET}.accessKeyIDKey`, "AWS_ACCESS_KEY_ID", FULL),
  ...secretKey(`${SECRET}.secretAccessKeyKey`, "AWS_SECRET_ACCESS_KEY", FULL),
  ...oneOf(`${BUCKET}.compression`, ["zstd", "lz4"], FULL),
  ...bounds(`${BUCKET}.parallelUploads`, 1, 256, FULL),
  ...between({
    field: `spec.${BUCKET}.allowPrivateEndpoint`,
    message: "allowPrivateEndpoint is about endpoint; set endpoint as well, or remove it",
    accepted: [withValue(FULL, `${BUCKET}.allowPrivateEndpoint`, undefined)],
    refused: [withValue(FULL, `${BUCKET}.endpoint`, undefined)],
  }),
  ...dataSize("storage.remote.cache.size", "20Gi", FULL),
  ...oneOf("storage.remote.cache.policy", ["lru", "ttl", "pin"], cached({})).filter(
    // Which needs more.
    ({ says, cause }) => cause || !says.includes('"ttl"'),
  ),
  ...duration("storage.remote.cache.ttl", {
    ...{ from: "1m", to: "87600h", example: "72h", tooShort: "59s", tooLong: "87601h" },
  }, FULL),
  ...between({
    field: "spec.storage.remote.cache.ttl",
    message: "policy is ttl but nothing says how long contents stay; set ttl, such as 72h",
    accepted: [cached({ policy: "ttl", ttl: "1h" })],
    refused: [cached({ policy: "ttl" })],
  }),
  ...between({
    field: "spec.storage.remote.cache.ttl",
    message: "ttl is for policy ttl; set policy to ttl, or remove it",
    accepted: [cached({ policy: "pin" })],
    refused: [cached({ policy: "pin", ttl: "1h" }), cached({ ttl: "1h" })],
  }),
  ...between({
    field: "spec.storage.local",
    message:
      "local.size is for a share without remote, whose local store is a cache; set remote.cache.size, and remove local.size",
    accepted: [LOCAL, merged(FULL, { storage: { local: {} } })],
    refused: [merged(FULL, { storage: { local: { size: "1Gi" } } })],
  }),
];
