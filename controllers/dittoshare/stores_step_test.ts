// The stores of a share: what is made, what is left alone, and what is said of the access key.

import assert from "node:assert/strict";
import type { Store } from "../../dittofs/stores.ts";
import type { Secret } from "../../api/kubernetes/types.ts";
import { factsOf } from "../dittoserver/references/secret_facts.ts";
import { BUCKET } from "./_fixture.ts";
import { type Found, inOrder, look } from "./_look.ts";
import { LOCAL, METADATA, storeRow } from "./_rows.ts";
import { makeStores, tellBucket } from "./stores_step.ts";

const [META, LOCALS, REMOTES] = ["/store/metadata", "/store/block/local", "/store/block/remote"];
const THERE = { [`GET ${META}/share-projects`]: METADATA, [`GET ${LOCALS}/share-projects`]: LOCAL };
const NEW = { [`POST ${META}`]: METADATA, [`POST ${LOCALS}`]: LOCAL };

interface Given extends Found {
  /** Content of the Secret that the spec names. */
  readonly secret?: Readonly<Record<string, string>>;
  /** Volumes of the server's StatefulSet. */
  readonly volumes?: readonly string[];
}

const encoded = (values: Readonly<Record<string, string>>): Secret => ({
  data: Object.fromEntries(Object.entries(values).map(([key, value]) => [key, btoa(value)])),
});

async function made({ secret, volumes = ["metadata"], ...found }: Given) {
  const ground = look({ ...found, ...(secret && { facts: factsOf(encoded(secret)) }) });
  const { put, servers, memory, reached, http } = ground;
  if (secret) {
    const path = "/api/v1/namespaces/files/secrets/bucket";
    memory.put(path, { ...encoded(secret), metadata: { name: "bucket", namespace: "files" } });
  }
  put(servers.statefulSets.cache, "/apis/apps/v1/namespaces/files/statefulsets/demo", {
    metadata: { name: "demo", namespace: "files" },
    spec: { volumeClaimTemplates: volumes.map((name) => ({ metadata: { name } })) },
  });
  const stores = await makeStores(reached);
  return { ...ground, stores, writes: http.writes };
}

Deno.test("makeStores() makes what is missing, and nothing the second time", async () => {
  const { writes, stores, problems } = await made({ routes: NEW });
  assert.deepEqual(writes.map((call) => call.split(" {")[0]).toSorted(), [
    ...[`POST ${LOCALS}`, `POST ${META}`],
  ]);
  assert.ok(stores);
  assert.deepEqual(problems(), []);
  assert.deepEqual((await made({ routes: THERE })).writes, []);
});

Deno.test("makeStores() waits for the volume of the server, and says which", async () => {
  const server = { storage: { metadataSize: "1Gi", contentSize: "1Gi" } };
  const { stores, http, problems } = await made({ server, routes: NEW });
  assert.deepEqual([stores, http.asked], [undefined, []]);
  assert.deepEqual(problems(), [
    'StoresReady=Waiting: Waiting for the content volume of DittoServer "demo"',
  ]);
});

Deno.test("makeStores() does not change a store of its name that it did not make", async () => {
  const theirs = storeRow("id", "share-projects", "fs", { path: "/data/theirs" });
  const routes = { ...THERE, [`GET ${LOCALS}/share-projects`]: theirs };
  const { stores, writes, problems } = await made({ routes });
  assert.deepEqual([stores, writes], [undefined, []]);
  assert.match(problems().join(), /StoresReady=NotOurs: store "share-projects" is on the server/);
});

Deno.test("makeStores() does not look for the files of an earlier share in the wrong place", async () => {
  const config = { path: "/data/store/metadata/shares/share-projects", contents: "s3://other/p/" };
  const earlier = storeRow("id-metadata", "share-projects", "badger", config);
  const routes = { ...THERE, [`GET ${META}/share-projects`]: earlier };
  const { stores, writes, problems } = await made({ routes });
  assert.deepEqual([stores, writes], [undefined, []]);
  assert.match(
    problems().join(),
    /ContentsElsewhere: an earlier share "projects" .* in s3:\/\/other\/p\/, and the spec says volume/,
  );
});

Deno.test("makeStores() puts right the store that it made, and with management Report says so", async () => {
  const changed = storeRow("id-local", "share-projects", "fs", { path: "/data/elsewhere" });
  const routes = { ...THERE, [`GET ${LOCALS}/share-projects`]: changed };
  const put = { ...routes, [`PUT ${LOCALS}/share-projects`]: LOCAL };
  const { writes, drifts } = await made({ status: inOrder(), routes: put });
  assert.deepEqual([writes.length, drifts.length], [1, 1]);
  const report = await made({ spec: { management: "Report" }, status: inOrder(), routes });
  assert.deepEqual(report.writes, []);
  assert.match(report.problems().join(), /Differs: .* store "share-projects"/);
});

Deno.test("makeStores() takes another name where the files of the usual one were removed", async () => {
  const used = storeRow("used", "share-projects", "memory", { retired: true });
  const routes = {
    ...NEW,
    [`GET ${META}/share-projects`]: used,
    [`PUT ${META}/share-projects`]: used,
  };
  const { writes, pass } = await made({ routes });
  const next = `share-projects-${pass.share.uid.slice(0, 8)}`;
  const calls = writes.filter((call) => / \/store\/metadata[/ ]/.test(call.slice(0, 25)));
  assert.equal(calls.length, 2);
  // The next share of the name finds it there, also if nobody lives to note it.
  assert.match(calls[0] ?? "", /^PUT /);
  assert.ok(calls[0]?.includes(`\\"next\\":\\"${next}\\"`));
  assert.ok(calls[1]?.startsWith(`POST ${META} {"name":"${next}"`));
});

Deno.test("makeStores() goes on under the name that an earlier share has left", async () => {
  const config = { retired: true, next: "share-projects-0000" };
  const routes = {
    ...NEW,
    [`GET ${META}/share-projects`]: storeRow("used", "share-projects", "memory", config),
  };
  const { writes } = await made({ routes });
  assert.ok(writes.some((call) => call.startsWith(`POST ${META} {"name":"share-projects-0000"`)));
  assert.equal(writes.some((call) => call.startsWith("PUT")), false);
});

Deno.test("makeStores() says which field is too large for the volume, and makes the share all the same", async () => {
  const { stores, problems } = await made({
    spec: { storage: { local: { size: "2Gi" } } },
    routes: THERE,
  });
  assert.ok(stores);
  assert.match(problems().join(), /StoresReady=NoRoom: spec\.storage\.local\.size is 2Gi/);
});

const CONTENTS = { contents: "s3://blocks/files/projects/" };
const WITH_BUCKET = {
  ...THERE,
  [`GET ${META}/share-projects`]: storeRow("id-metadata", "share-projects", "badger", {
    ...{ path: "/data/store/metadata/shares/share-projects", ...CONTENTS },
  }),
  [`POST ${REMOTES}`]: storeRow("id-remote", "share-projects-0123456789ab", "s3"),
};
const KEY = { "access-key-id": "AKIA", "secret-access-key": "hush-hush" };

Deno.test("makeStores() sends the access key with the bucket, and writes it nowhere else", async () => {
  const { writes, stores, pass } = await made({
    ...{ spec: { storage: BUCKET }, secret: KEY, routes: WITH_BUCKET },
  });
  assert.ok(stores?.remote);
  const [call = ""] = writes;
  assert.match(call, /\\"access_key_id\\":\\"AKIA\\",\\"secret_access_key\\":\\"hush-hush\\"/);
  assert.match(call, /"name":"share-projects-[0-9a-f]{12}"/);
  assert.doesNotMatch(JSON.stringify([pass.noted, pass.problems]), /hush|AKIA/);
});

/** What is in the Secret, and what is said of it. */
const lacking: [Readonly<Record<string, string>> | undefined, string][] = [
  [undefined, 'SecretNotFound: Secret "bucket" does not exist'],
  [{ "access-key-id": "AKIA" }, 'SecretKeyMissing: Secret "bucket" has no "secret-access-key"'],
  [{ ...KEY, "access-key-id": "" }, 'SecretKeyMissing: Secret "bucket" has no "access-key-id"'],
  [
    { ...KEY, "secret-access-key": "hush-hush\n" },
    'SecretInvalid: "secret-access-key" in Secret "bucket" ',
  ],
];
for (const [secret, expected] of lacking) {
  Deno.test(`makeStores() says "${expected}", and never the value`, async () => {
    const given = { spec: { storage: BUCKET }, routes: WITH_BUCKET, ...(secret && { secret }) };
    const { stores, writes, problems } = await made(given);
    assert.deepEqual([stores, writes], [undefined, []]);
    assert.ok(problems().join().startsWith(`StoresReady=${expected}`), problems().join());
    assert.doesNotMatch(problems().join(), /hush/);
  });
}

Deno.test("makeStores() leaves a share the bucket that it has while its Secret is gone", async () => {
  const { stores, problems } = await made({
    spec: { storage: BUCKET },
    status: inOrder({
      stores: {
        ...{ metadata: "share-projects", local: "share-projects", volume: "metadata" },
        remote: "share-projects-0123456789ab",
      },
    }),
    routes: {
      ...WITH_BUCKET,
      [`GET ${REMOTES}/share-projects-0123456789ab`]: storeRow("id-remote", "r", "s3"),
    },
  });
  assert.equal(stores?.remote?.id, "id-remote");
  assert.match(problems().join(), /SecretNotFound/);
});

Deno.test("tellBucket() says which bucket, where, and what the server says of it", () => {
  const { pass, problems, context } = look();
  const { pass: silent, problems: none } = look();
  const seen: string[] = [];
  Object.assign(context.buckets, { saw: (_: unknown, { name }: Store) => seen.push(name) });
  const store = (status: "healthy" | "unhealthy") => ({
    ...{ id: "r", name: "r", type: "s3", config: { bucket: "blocks", endpoint: "http://s3" } },
    status: { status, message: "connection refused", latencyMs: 1 },
  });
  const stores = (status: "healthy" | "unhealthy") =>
    ({ remote: store(status) }) as unknown as Parameters<typeof tellBucket>[1];
  tellBucket({ pass }, stores("unhealthy"));
  assert.deepEqual(problems(), [
    'StoresReady=RemoteUnreachable: bucket "blocks" at http://s3: connection refused',
  ]);
  assert.deepEqual(seen, ["r"]);
  tellBucket({ pass: silent }, stores("healthy"));
  assert.deepEqual(none(), []);
});
