// The same of shares that are taken away, with their files and without, and of the bucket that a
// share gets and gives back.

import { FULL, gone, ready, remove, shareCrashTests, type ShareRun } from "./_share_crash_run.ts";
import { BUCKET, CREDENTIALS, S3 } from "./_s3.ts";

let s3: S3;
Deno.test.beforeAll(async () => void (s3 = await S3.start()));
Deno.test.afterAll(async () => await s3?.[Symbol.asyncDispose]());

const withBucket = () => ({
  storage: {
    remote: {
      s3: {
        ...{ bucket: BUCKET, endpoint: s3.endpoint, allowPrivateEndpoint: true },
        credentialsSecretRef: { name: "bucket" },
      },
    },
  },
});

const key = ({ ground }: ShareRun) =>
  ground.rest.secret("bucket", {
    "access-key-id": CREDENTIALS.accessKeyId,
    "secret-access-key": CREDENTIALS.secretAccessKey,
  });

shareCrashTests([
  { name: "delete", before: (run) => run.made(FULL), change: remove, done: gone },
  {
    name: "reclaim",
    before: (run) => run.made({ reclaimPolicy: "Delete" }),
    ...{ change: remove, done: gone },
  },
  { name: "bucket", prepare: key, change: (run) => run.apply(withBucket()), done: ready },
  {
    name: "unmake",
    prepare: key,
    before: (run) => run.made(withBucket()),
    ...{ change: remove, done: gone },
  },
]);
