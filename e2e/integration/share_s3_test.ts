// Shares in front of a bucket: with a real S3 service, which also dies.

import assert from "node:assert/strict";
import * as z from "zod";
import { print } from "../../tasks/_print.ts";
import { pause, until } from "../harness/poll.ts";
import { beside as test } from "./_beside.ts";
import { BUCKET, CREDENTIALS, S3 } from "./_s3.ts";
import { ShareGround } from "./_share_ground.ts";

let ground: ShareGround;
let s3: S3;
Deno.test.beforeAll(async () => {
  s3 = await S3.start();
  ground = await ShareGround.start();
  await ground.rest.create("files");
  await ground.apply("DittoUser", "alice", { uid: 1001, gid: 1001 });
});
Deno.test.afterAll(async () => {
  await ground?.[Symbol.asyncDispose]();
  await s3?.[Symbol.asyncDispose]();
});

/** Bytes that no compression shortens. */
function random(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at += 65_536) {
    crypto.getRandomValues(bytes.subarray(at, at + 65_536));
  }
  return bytes;
}

const remote = (more: object = {}) => ({
  remote: {
    s3: {
      ...{ bucket: BUCKET, endpoint: s3.endpoint, allowPrivateEndpoint: true },
      credentialsSecretRef: { name: "bucket" },
      ...more,
    },
  },
});

const MINUTE = 60_000;

/** How long ago something was, for people. */
const since = (began: number) => `${Math.round((performance.now() - began) / 100) / 10} s`;

const grants = [{ user: "alice", permission: "read-write" }];
const good = {
  "access-key-id": CREDENTIALS.accessKeyId,
  "secret-access-key": CREDENTIALS.secretAccessKey,
};

const drained = async () =>
  assert.equal((await ground.byHand("POST", "/system/drain-uploads")).status, 200);

const totals = z.object({
  totals: z.object({ unsynced_bytes: z.number(), has_remote: z.boolean() }),
});
const statsOf = async (name: string) =>
  totals.parse((await ground.byHand("GET", `/shares/${name}/blockstore/stats`)).body).totals;

const stores = z.array(z.object({ name: z.string() }));
const remotes = async () => {
  const { body } = await ground.byHand("GET", "/store/block/remote");
  return stores.parse(body).map(({ name }) => name);
};

test("A share with a bucket waits for its access key, and then writes there", async () => {
  await ground.apply("DittoShare", "cloud", { storage: remote(), grants });
  assert.match(await ground.condition("cloud", "StoresReady", "SecretNotFound"), /"bucket"/);
  await ground.rest.secret("bucket", { "access-key-id": "x" });
  assert.match(await ground.condition("cloud", "StoresReady", "SecretKeyMissing"), /secret-access/);
  await ground.rest.secret("bucket", { ...good, "secret-access-key": "not the one" });
  assert.match(await ground.condition("cloud", "StoresReady", "RemoteUnreachable"), /blocks/);
  assert.equal((await ground.byHand("GET", "/shares/cloud")).status, 404);
  await ground.rest.secret("bucket", good);
  await ground.ready("cloud");
  await ground.write("cloud", "data", random(4 * 1024 * 1024));
  await drained();
  const objects = await s3.objects();
  assert.ok(objects.length > 0);
  // Below the path that no other share has.
  assert.ok(objects.every((name) => name.startsWith("files/cloud/")), objects.join());
});

test("A new access key is taken over while the share serves, and the former one is forgotten", async () => {
  const [before] = await remotes();
  const content = random(1024 * 1024);
  await ground.write("cloud", "before", content);
  // The former key is not let in any more.
  await s3.changeKey({ accessKeyId: "second-access", secretAccessKey: "second-secret" });
  const pod = ground.server.pod?.metadata.uid;
  await ground.rest.secret("bucket", {
    ...{ "access-key-id": "second-access", "secret-access-key": "second-secret" },
  });
  const began = performance.now();
  // What is not uploaded yet is tried with the former key for up to half a minute.
  await until("only another store is there", async () => {
    const names = await remotes();
    return names.length === 1 && names[0] !== before;
  }, { within: 60_000 });
  print(`another access key is in use after ${Math.round(performance.now() - began)} ms`);
  await ground.ready("cloud");
  assert.equal(ground.server.pod?.metadata.uid, pod);
  assert.deepEqual(await ground.read("cloud", "before"), content);
  await ground.write("cloud", "after", content);
  await drained();
  // Neither value nor digest of a value is told anywhere.
  const told = JSON.stringify(await ground.share("cloud")) + ground.rest.operator.lines.join() +
    await ground.rest.plane.kubectl(["get", "events", "--namespace", "files", "-o", "json"]);
  for (const secret of ["second-secret", CREDENTIALS.secretAccessKey]) {
    assert.ok(!told.includes(secret));
  }
  await s3.changeKey(CREDENTIALS);
  await ground.rest.secret("bucket", good);
  await ground.until("the first one is back", async () => (await remotes()).join() === before);
  await ground.ready("cloud");
});

test("A volume that was lost is filled from the bucket before anybody reads zeros", async () => {
  const content = random(4 * 1024 * 1024);
  await ground.write("cloud", "precious", content);
  await drained();
  ground.rest.calls.length = 0;
  await ground.loseContent();
  await ground.rest.untilCondition("files", "Ready", "Serving");
  await ground.until("the new volume is noted", async () => {
    return (await ground.status("cloud")).stores?.claimUID === await ground.contentClaim();
  });
  await ground.ready("cloud");
  assert.deepEqual(await ground.read("cloud", "precious"), content);
  const posts = ground.rest.calls.filter((call) => /^POST .*\/shares\/cloud\//.test(call));
  assert.deepEqual(posts.map((call) => call.replace(/.*\/shares\/cloud\//, "")), [
    ...["disable", "blockstore/warm", "enable"],
  ]);
});

test("A share whose bucket does not answer says so within a minute, and slows no other", async () => {
  using _frozen = s3.frozen();
  const began = performance.now();
  await Promise.all(
    Array.from(
      { length: 8 },
      (_, i) => ground.apply("DittoShare", `dead-${i}`, { storage: remote(), grants }),
    ),
  );
  await ground.apply("DittoShare", "alive", { grants });
  await ground.ready("alive");
  const alive = performance.now() - began;
  await ground.condition("dead-7", "StoresReady", "RemoteUnreachable", 60_000);
  print(
    `a share beside is Ready after ${Math.round(alive)} ms, the dead one is told after ${
      Math.round(performance.now() - began)
    } ms`,
  );
  assert.ok(alive < 10_000);
  // One that was there before is told as well, and keeps its grants up to date.
  await ground.condition("cloud", "StoresReady", "RemoteUnreachable", 60_000);
  print(`one that was there before is told after ${Math.round(performance.now() - began)} ms`);
  await ground.apply("DittoShare", "cloud", {
    ...{ storage: remote(), grants: [{ user: "alice", permission: "read" }] },
  });
  await ground.until("the grant is another one", async () => {
    const { body } = await ground.byHand("GET", "/shares/cloud/permissions");
    return JSON.stringify(body).includes('"read"');
  });
});

test("It goes on by itself within a minute when the bucket answers again", async () => {
  const began = performance.now();
  await Promise.all(
    ["cloud", "dead-7"].map((name) => ground.condition(name, "Ready", "Serving", MINUTE)),
  );
  print(`buckets that were frozen are told to be back after ${since(began)}`);
});

const looks = () =>
  ground.rest.calls.filter((call) => /files-api.*remote\/share-later-dead-.*\/status$/.test(call));

test("A bucket costs its server one request in 45 s, another server none, and the API nothing", async () => {
  await ground.rest.secret("bucket", good);
  await ground.rest.create("plain");
  await ground.apply("DittoShare", "later-dead", { storage: remote(), grants });
  await ground.apply("DittoShare", "beside", { grants });
  await ground.apply("DittoShare", "elsewhere", { serverRef: { name: "plain" } });
  for (const name of ["later-dead", "beside", "elsewhere"]) await ground.ready(name);
  // The slow checks are over then for the next four minutes.
  for (const server of ["files", "plain"]) ground.rest.operator.hurry(`files/${server}`);
  const { calls } = ground.rest;
  await until("no server is asked anything", async () => {
    const before = calls.length;
    await pause(2_000);
    return calls.length === before;
  }, { within: MINUTE });
  const versions = () =>
    ground.rest.plane.kubectl([
      ...["get", "dittoshares,dittoservers", "--all-namespaces"],
      ...["-o", "jsonpath={.items[*].metadata.resourceVersion}"],
    ]);
  const before = await versions();
  calls.length = 0;
  const began = performance.now();
  await until("it is looked at", () => Promise.resolve(looks().length > 0), { within: 45_000 });
  print(`the only bucket of this test was looked at after ${since(began)}`);
  assert.equal(looks().length, 1);
  const look = /^GET .*files-api.*\/store\/block\/remote\/[^/]+\/status$/;
  assert.deepEqual(calls.filter((call) => !look.test(call)), []);
  assert.equal(await versions(), before);
});

test("A bucket that dies later, and comes back, is told within a minute although the server is checked every five", async () => {
  // Just after it was looked at the wait is the longest.
  const died = performance.now();
  const down = await s3.down();
  {
    await using _down = down;
    await ground.condition("later-dead", "StoresReady", "RemoteUnreachable", MINUTE);
    print(`a bucket that died is told after ${since(died)}`);
    const edited = performance.now();
    await ground.apply("DittoShare", "beside", { grants, quota: "1Gi" });
    await ground.ready("beside");
    print(`the share beside it is changed and Ready after ${since(edited)}`);
    assert.ok(performance.now() - edited < 5_000);
  }
  const back = performance.now();
  await ground.condition("later-dead", "Ready", "Serving", MINUTE);
  print(`it is told to be back after ${since(back)}`);
});

test("A share does not take over files whose contents are elsewhere", async () => {
  await ground.apply("DittoShare", "moved", { grants });
  await ground.ready("moved");
  const content = random(1024 * 1024);
  await ground.write("moved", "data", content);
  await ground.delete("dittoshare", "moved");
  await ground.apply("DittoShare", "moved", { storage: remote(), grants });
  assert.match(await ground.condition("moved", "StoresReady", "ContentsElsewhere"), /in volume/);
  await ground.delete("dittoshare", "moved");
  await ground.apply("DittoShare", "moved", { grants });
  await ground.ready("moved");
  assert.deepEqual(await ground.read("moved", "data"), content);
});

test("What is not in the bucket yet gets there before the share is removed", async () => {
  const content = random(3 * 1024 * 1024);
  await ground.apply("DittoShare", "later", { storage: remote(), grants });
  await ground.ready("later");
  await ground.write("later", "last", content);
  await ground.delete("dittoshare", "later");
  await ground.apply("DittoShare", "later", { storage: remote(), grants });
  await ground.ready("later");
  assert.equal((await statsOf("later")).unsynced_bytes, 0);
  await ground.byHand("POST", "/shares/later/blockstore/evict", {});
  assert.deepEqual(await ground.read("later", "last"), content);
});
