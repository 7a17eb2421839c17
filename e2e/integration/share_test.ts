// A DittoShare from its one apply to its end, with the real server.

import assert from "node:assert/strict";
import * as z from "zod";
import { until } from "../harness/poll.ts";
import { print } from "../../tasks/_print.ts";
import { beside as test } from "./_beside.ts";
import { namespace } from "./_rest_ground.ts";
import { ShareGround } from "./_share_ground.ts";

let ground: ShareGround;
Deno.test.beforeAll(async () => {
  ground = await ShareGround.start();
  await ground.rest.create("files");
});
Deno.test.afterAll(async () => await ground?.[Symbol.asyncDispose]());

const CONTENT = crypto.getRandomValues(new Uint8Array(60_000));

const row = z.looseObject({
  ...{ id: z.string(), default_permission: z.string(), enabled: z.boolean() },
  ...{
    local_store_size: z.string().optional(),
    quota_bytes: z.string().optional(),
    read_only: z.boolean(),
  },
  ...{ access_based_enumeration: z.boolean() },
});
const rowOf = async (name: string) =>
  row.parse((await ground.byHand("GET", `/shares/${name}`)).body);

const permissions = z.array(z.object({ name: z.string(), level: z.string() })).nullish();
const grantsOf = async (name: string) => {
  const { body } = await ground.byHand("GET", `/shares/${name}/permissions`);
  return (permissions.parse(body) ?? []).map(({ name, level }) => `${name}: ${level}`).sort();
};

const quotaList = z.array(z.looseObject({ identity_id: z.number(), limit_bytes: z.string() }));
const quotasOf = async (name: string) => {
  const { body } = await ground.byHand("GET", `/shares/${name}/quotas`);
  return quotaList.parse(body).map((quota) => `${quota.identity_id}: ${quota.limit_bytes}`).sort();
};

const exported = z.looseObject({ squash: z.string(), netgroup: z.string() });
const exportOf = async (name: string) =>
  exported.parse((await ground.byHand("GET", `/shares/${name}/adapters/nfs/config`)).body);

const PROJECTS = {
  ...{ owner: "alice", quota: "500Mi" },
  grants: [{ user: "alice", permission: "read-write" }],
  quotas: [{ group: "engineering", size: "200Mi" }],
  snapshotPolicy: { interval: "@daily", keepLast: 3 },
};

test("A share that is applied together with its user and group is served to those it lets in", async () => {
  const began = performance.now();
  await ground.apply("DittoShare", "projects", PROJECTS);
  await ground.apply("DittoGroup", "engineering", { gid: 5000 });
  await ground.apply("DittoUser", "alice", { uid: 1001, gid: 1001, groups: ["engineering"] });
  await ground.ready("projects");
  print(`Ready ${Math.round(performance.now() - began)} ms after the first apply`);
  await ground.write("projects", "hello", CONTENT);
  assert.deepEqual(await ground.read("projects", "hello"), CONTENT);
  await assert.rejects(ground.read("projects", "hello", 1002), { status: 13 });
  // 90 % of the volume, and never a quarter of the machine's memory.
  assert.equal((await rowOf("projects")).local_store_size, "921.00MiB");
  assert.deepEqual(await quotasOf("projects"), ["5000: 200.00MiB"]);
  const { exportPath, nfsEndpoint, smbEndpoint, mountCommand, phase, stores } = await ground.status(
    "projects",
  );
  assert.deepEqual({ exportPath, nfsEndpoint, smbEndpoint, phase }, {
    exportPath: "/projects",
    nfsEndpoint: "files-adapter-nfs.files.svc:/projects",
    smbEndpoint: "//files-adapter-smb.files.svc/projects",
    phase: "Ready",
  });
  assert.equal(
    mountCommand,
    "mount -t nfs -o nfsvers=4.1,tcp,port=2049 files-adapter-nfs.files.svc:/projects /mnt",
  );
  assert.deepEqual([stores?.metadata, stores?.volume, stores?.localSize], [
    ...["share-projects", "content", "921Mi"],
  ]);
});

test("An edit of the spec is what the server then has", async () => {
  await ground.apply("DittoShare", "projects", {
    ...PROJECTS,
    ...{ quota: "600Mi", readOnly: true },
    grants: [{ user: "alice", permission: "read" }, { group: "engineering", permission: "admin" }],
    nfs: { squash: "all_to_guest", allowedClients: ["127.0.0.1", "10.0.0.0/8", "*.example.com"] },
    quotas: [],
  });
  await ground.ready("projects");
  const { quota_bytes, read_only } = await rowOf("projects");
  assert.deepEqual({ quota_bytes, read_only }, { quota_bytes: "600.00MiB", read_only: true });
  assert.deepEqual(await grantsOf("projects"), ["alice: read", "engineering: admin"]);
  assert.deepEqual(await quotasOf("projects"), []);
  const { squash, netgroup } = await exportOf("projects");
  assert.deepEqual({ squash, netgroup }, { squash: "all_to_guest", netgroup: "share-projects" });

  await ground.apply("DittoShare", "projects", { ...PROJECTS, nfs: { allowedClients: [] } });
  await ground.ready("projects");
  await assert.rejects(ground.mount("projects"), { status: 13 });

  await ground.apply("DittoShare", "projects", PROJECTS);
  await ground.ready("projects");
  assert.deepEqual(await ground.read("projects", "hello"), CONTENT);
  assert.equal((await ground.byHand("GET", "/adapters/nfs/netgroups/share-projects")).status, 404);
});

test("What is changed by hand is put back at the next look, and what nobody declared is left", async () => {
  await ground.byHand("POST", "/users", {
    ...{ username: "bob", password: "Bobs-pass-1", uid: 1002, gid: 1002 },
  });
  await ground.byHand("POST", "/shares", {
    ...{
      name: "by-hand",
      metadata_store_id: "share-projects",
      local_block_store: "share-projects",
    },
    default_permission: "read",
  });
  const bobs = "/shares/projects/permissions/users/bob";
  await ground.byHand("PUT", bobs, { level: "admin" });
  await ground.byHand("PUT", "/shares/by-hand/permissions/users/bob", { level: "admin" });
  await ground.byHand("PUT", "/shares/projects/permissions/users/alice", { level: "none" });
  await ground.byHand("PUT", "/shares/projects", {
    quota_bytes: "1Gi",
    default_permission: "read",
  });
  await ground.byHand("PUT", "/shares/projects/quotas/user/1002", { limit_bytes: "1Gi" });
  await ground.byHand("PATCH", "/shares/projects/adapters/nfs/config", { squash: "none" });
  await ground.byHand("DELETE", "/shares/projects/snapshot-policy");
  await ground.byHand("POST", "/shares/projects/disable");
  const before = await ground.resourceVersion("dittoshare", "projects");
  await ground.rest.lookUntil("files", "everything is put back", async () => {
    const { quota_bytes, default_permission, enabled } = await rowOf("projects");
    const policy = await ground.byHand("GET", "/shares/projects/snapshot-policy");
    return quota_bytes === "500.00MiB" && default_permission === "none" && enabled &&
      (await exportOf("projects")).squash === "root_to_guest" && policy.status === 200 &&
      (await grantsOf("projects")).join() === "alice: read-write" &&
      (await quotasOf("projects")).join() === "5000: 200.00MiB";
  });
  assert.match(await ground.rest.operator.metrics.text(), /drift_total\{kind="DittoShare"\} [1-9]/);
  assert.deepEqual(await grantsOf("by-hand"), ["bob: admin"]);
  assert.equal((await rowOf("by-hand")).default_permission, "read");
  assert.equal(await ground.resourceVersion("dittoshare", "projects"), before);
  await ground.byHand("DELETE", "/shares/by-hand");
});

test("With management Report nothing that exists is changed, and what differs is told", async () => {
  await ground.apply("DittoShare", "projects", { ...PROJECTS, management: "Report" });
  await ground.ready("projects");
  await ground.byHand("PUT", "/shares/projects", { quota_bytes: "1Gi" });
  await ground.byHand("PUT", "/shares/projects/permissions/users/bob", { level: "read" });
  ground.rest.operator.hurry("files/files");
  assert.match(await ground.condition("projects", "Serving", "Differs"), /quota/);
  assert.match(await ground.condition("projects", "GrantsReady", "Differs"), /user "bob"/);
  assert.equal((await rowOf("projects")).quota_bytes, "1.00GiB");
  await ground.apply("DittoShare", "projects", { ...PROJECTS, management: "Enforce" });
  await ground.ready("projects");
  assert.equal((await rowOf("projects")).quota_bytes, "500.00MiB");
  assert.deepEqual(await grantsOf("projects"), ["alice: read-write"]);
});

test("A part that leaves the spec is undone on the server, and from then on left alone", async () => {
  const { grants: _, quotas: __, snapshotPolicy: ___, ...rest } = PROJECTS;
  await ground.apply("DittoShare", "projects", rest);
  await ground.until("grants are gone", async () => (await grantsOf("projects")).length === 0);
  await ground.ready("projects");
  assert.deepEqual(await quotasOf("projects"), []);
  assert.equal((await ground.byHand("GET", "/shares/projects/snapshot-policy")).status, 404);
  await ground.byHand("PUT", "/shares/projects/permissions/users/bob", { level: "read" });
  await ground.apply("DittoShare", "projects", { ...rest, quota: "510Mi" });
  await ground.until("the quota is there", async () => {
    return (await rowOf("projects")).quota_bytes === "510.00MiB";
  });
  await ground.ready("projects");
  assert.deepEqual(await grantsOf("projects"), ["bob: read"]);
  await ground.apply("DittoShare", "projects", PROJECTS);
  await ground.ready("projects");
});

test("A grant and an owner wait for their users, and keep nobody else waiting", async () => {
  await ground.apply("DittoShare", "waiting", {
    grants: [{ user: "carol", permission: "read" }, { user: "alice", permission: "read-write" }],
  });
  assert.match(await ground.condition("waiting", "GrantsReady", "NotFound"), /user "carol"/);
  assert.deepEqual(await grantsOf("waiting"), ["alice: read-write"]);
  await ground.apply("DittoShare", "owned", { owner: "carol" });
  await ground.condition("owned", "Serving", "OwnerNotFound");
  await ground.apply("DittoUser", "carol", { uid: 1003 });
  await ground.ready("waiting");
  await ground.ready("owned");
  await Promise.all(["waiting", "owned"].map((name) => ground.delete("dittoshare", name)));
});

test("Everything is made again over the same data when the server's database is lost", async () => {
  const before = await rowOf("projects");
  await ground.server.loseDatabase();
  await ground.rest.untilCondition("files", "Ready", "Serving");
  const after = await ground.until("the share is back", async () => {
    const { status, body } = await ground.byHand("GET", "/shares/projects");
    return status === 200 && row.parse(body);
  });
  assert.notEqual(after.id, before.id);
  await ground.ready("projects");
  await ground.until("the file is there", async () => {
    const found = await ground.read("projects", "hello");
    return found.length === CONTENT.length;
  });
  assert.deepEqual(await ground.read("projects", "hello"), CONTENT);
});

test("The files of a share that was deleted are there again in the next one of its name", async () => {
  await ground.delete("dittoshare", "projects");
  assert.equal((await ground.byHand("GET", "/shares/projects")).status, 404);
  assert.equal((await ground.byHand("GET", "/store/block/local/share-projects")).status, 404);
  await ground.apply("DittoShare", "projects", PROJECTS);
  await ground.ready("projects");
  assert.deepEqual(await ground.read("projects", "hello"), CONTENT);
});

test("With reclaimPolicy Delete the files go as well, and the next one of its name is empty", async () => {
  for (const round of [1, 2, 3]) {
    await ground.apply("DittoShare", "scratch", {
      ...{ reclaimPolicy: "Delete", grants: PROJECTS.grants },
      defaultPermission: "read-write",
    });
    await ground.ready("scratch");
    await assert.rejects(ground.read("scratch", "file"), { status: 2 });
    await ground.write("scratch", "file", CONTENT);
    await ground.delete("dittoshare", "scratch", false);
    const done = await ground.reclaim();
    print(`round ${round}: ${done.join(", ")}`);
    await ground.gone("dittoshare", "scratch");
    assert.equal((await ground.byHand("GET", "/shares/scratch")).status, 404);
  }
  // What was removed under a running server does not keep it from ending or starting.
  await ground.server.replacePod();
  await ground.rest.untilCondition("files", "Ready", "Serving");
  await ground.ready("projects");
  assert.deepEqual(await ground.read("projects", "hello"), CONTENT);
  const { body } = await ground.byHand("GET", "/store/metadata");
  const names = z.array(z.object({ name: z.string(), type: z.string() })).parse(body);
  assert.deepEqual(
    names.filter(({ name }) => name.startsWith("share-scratch")),
    [{ name: "share-scratch", type: "memory" }],
  );
});

test("Of two that want one share the older has it, and the other one gets it after that", async () => {
  await ground.apply("DittoShare", "first", { shareName: "wanted" });
  await ground.ready("first");
  await pauseForAnotherSecond();
  await ground.apply("DittoShare", "second", { shareName: "wanted", defaultPermission: "read" });
  assert.match(await ground.condition("second", "Serving", "NameTaken"), /files\/first/);
  assert.equal((await rowOf("wanted")).default_permission, "none");
  await ground.delete("dittoshare", "first");
  await ground.ready("second");
  assert.equal((await rowOf("wanted")).default_permission, "read");
  await ground.delete("dittoshare", "second");
});

test("A share that somebody made by hand is never touched, nor a store that has the name of ours", async () => {
  const config = JSON.stringify({ path: "/data/store/metadata/by-hand.db" });
  await ground.byHand("POST", "/store/metadata", { name: "share-others", type: "sqlite", config });
  for (
    const [name, metadata] of Object.entries({ theirs: "share-projects", others: "share-others" })
  ) {
    const stores = { metadata_store_id: metadata, local_block_store: "share-projects" };
    await ground.byHand("POST", "/shares", { name, ...stores });
    await ground.apply("DittoShare", name, { defaultPermission: "read" });
    await ground.condition(name, "Ready", "NotOurs");
    await ground.delete("dittoshare", name);
    assert.equal((await rowOf(name)).default_permission, "none");
    await ground.byHand("DELETE", `/shares/${name}`);
  }
  assert.equal((await ground.byHand("DELETE", "/store/metadata/share-others")).status, 204);
});

test("Another namespace is let in by the server alone", async () => {
  await ground.rest.plane.kubectl(["create", "namespace", "team-a"]);
  await ground.rest.apply({
    apiVersion: "dittofs.dittofs.com/v1alpha1",
    kind: "DittoShare",
    metadata: { name: "far", namespace: "team-a" },
    spec: { serverRef: { name: "files", namespace } },
  });
  await ground.condition("far", "ServerReady", "NamespaceNotAllowed", 30_000, "team-a");
  assert.equal((await ground.byHand("GET", "/shares/far")).status, 404);
  await ground.rest.patch("files", { allowedNamespaces: ["team-a"] });
  await ground.condition("far", "Ready", "Serving", 30_000, "team-a");
  await ground.delete("dittoshare", "far", true, "team-a");
});

test("What has to protect a share from the beginning keeps it closed until the server restarts", async () => {
  await ground.apply("DittoShare", "secret", {
    ...{ nfs: { requireKerberos: true }, grants: PROJECTS.grants },
  });
  assert.match(await ground.condition("secret", "Serving", "RestartNeeded"), /nfs.requireKerberos/);
  assert.equal((await rowOf("secret")).enabled, false);
  await assert.rejects(ground.mount("secret"));
  await ground.rest.restartOperator();
  await ground.server.replacePod();
  await ground.ready("secret");
  assert.equal((await rowOf("secret")).enabled, true);
  await assert.rejects(ground.mount("secret"));
  assert.equal((await ground.status("secret")).restart, undefined);
  await ground.delete("dittoshare", "secret");
});

test("What else takes effect at a restart keeps nobody out meanwhile", async () => {
  await ground.apply("DittoShare", "projects", {
    ...{ ...PROJECTS, smb: { accessBasedEnumeration: true } },
  });
  await ground.until("it is noted", async () => {
    const { restart } = await ground.status("projects");
    return restart?.fields.join() === "smb.accessBasedEnumeration";
  });
  await ground.ready("projects");
  assert.equal((await rowOf("projects")).access_based_enumeration, true);
  await ground.server.replacePod();
  await ground.until("it is in force", async () => !(await ground.status("projects")).restart);
  await ground.ready("projects");
});

test("A stopped server keeps the end of its shares waiting, and one that is gone does not", async () => {
  await ground.rest.create("short");
  const spec = { serverRef: { name: "short" } };
  await ground.apply("DittoShare", "one", spec);
  await ground.apply("DittoShare", "two", spec);
  await Promise.all([ground.ready("one"), ground.ready("two")]);
  await ground.rest.patch("short", { replicas: 0 });
  await ground.condition("two", "ServerReady", "ServerStopped");
  await ground.delete("dittoshare", "one", false);
  assert.match(await ground.condition("one", "Ready", "Deleting"), /stopped/);
  await ground.delete("dittoserver", "short");
  await ground.gone("dittoshare", "one");
  await ground.delete("dittoshare", "two");
});

async function pauseForAnotherSecond(): Promise<void> {
  // Resources know the second in which they were made, and no more.
  const now = Date.now();
  const second = (ms: number) => Math.floor(ms / 1000);
  await until("another second", () => second(Date.now()) > second(now), { within: 2_000 });
}
