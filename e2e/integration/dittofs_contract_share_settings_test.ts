// The contract with the real server: what is set on a share. Who may what, how it is exported over
// NFS, quotas, and when snapshots are made.

import assert from "node:assert/strict";
import { sizeAsShown } from "../../dittofs/size.ts";
import { type Contract, refusalOf } from "./_contract.ts";
import { ShareContract } from "./_contract_shares.ts";
import { NfsError } from "./_nfs.ts";

let ground: ShareContract;
let contract: Contract;

Deno.test.beforeAll(async () => {
  ground = await ShareContract.start();
  ({ contract } = ground);
});
Deno.test.afterAll(async () => await ground[Symbol.asyncDispose]());

Deno.test("permissions: those of users and groups take any level, those of SIDs do not", async () => {
  const { groups, shares: { permissions } } = contract.client;
  await ground.share("grants");
  await groups.create({ name: "grants" });
  assert.deepEqual(await permissions.list("grants"), []);
  await permissions.set("grants", { user: "alice" }, "read-write");
  await permissions.set("grants", { group: "grants" }, "admin");
  const sid = "S-1-5-21-1-2-3-1104";
  await permissions.set("grants", { isGroup: true, sid }, "read");
  assert.deepEqual(await permissions.list("grants"), [
    { isGroup: false, level: "read-write", name: "alice", type: "user" },
    { isGroup: false, level: "admin", name: "grants", type: "group" },
    { isGroup: true, level: "read", name: sid, sid, type: "sid" },
  ]);
  const path = "/api/v1/shares/grants/permissions";
  const level = JSON.stringify({ level: "dance" });
  assert.equal((await contract.raw("PUT", `${path}/users/alice`, level)).status, 204);
  assert.equal((await permissions.list("grants"))?.[0]?.level, "dance");
  assert.equal((await contract.raw("PUT", `${path}/sids/${sid}`, level)).status, 400);
  const wrongKey = JSON.stringify({ permission: "read" });
  assert.equal((await contract.raw("PUT", `${path}/users/alice`, wrongKey)).status, 400);
});

Deno.test("permissions: whom they are for must exist, whom they were for need not", async () => {
  const { shares: { permissions }, users } = contract.client;
  await ground.share("missing");
  const at = "PUT /shares/missing/permissions";
  assert.equal(
    await refusalOf(permissions.set("missing", { user: "nobody" }, "read")),
    `${at}/users/nobody: 404 User not found`,
  );
  assert.equal(
    await refusalOf(permissions.set("missing", { group: "nobody" }, "read")),
    `${at}/groups/nobody: 404 Group not found`,
  );
  assert.equal(await permissions.list("none"), undefined);
  for (const grantee of [{ user: "alice" }, { user: "nobody" }, { group: "nobody" }]) {
    assert.equal(await permissions.delete("missing", grantee), true, "there is no telling");
  }
  await users.create({ password: "Leaves-pass-1", username: "leaves" });
  await permissions.set("missing", { user: "leaves" }, "read");
  await users.delete("leaves");
  assert.deepEqual(await permissions.list("missing"), [], "they go with their user");
});

Deno.test("NFS export: PATCH changes what it is given; the netgroup must exist and is then in use", async () => {
  const { netgroups, shares: { nfs } } = contract.client;
  await ground.share("exported");
  const defaults = {
    ...{ allowAuthSys: true, disableReaddirplus: false, minKerberosLevel: "krb5", netgroup: "" },
    ...{ requireKerberos: false, squash: "root_to_guest" },
  };
  assert.deepEqual(await nfs.get("exported"), defaults);
  assert.equal(await nfs.get("none"), undefined);
  assert.match(
    await refusalOf(nfs.patch("exported", { netgroup: "exported" })),
    /: 400 Netgroup not found: exported$/,
  );
  await netgroups.create("exported");
  const changed = { anonymousGid: 5, anonymousUid: 6, netgroup: "exported", squash: "none" };
  const patch = { ...changed, squash: "none" } as const;
  assert.deepEqual(await nfs.patch("exported", patch), { ...defaults, ...changed });
  assert.deepEqual(await nfs.get("exported"), { ...defaults, ...changed });
  assert.match(await refusalOf(netgroups.delete("exported")), /: 409 Netgroup is referenced/);
  await assert.rejects(
    ground.mount("exported"),
    new NfsError("MNT", 13),
    "an empty netgroup is nobody",
  );
  await netgroups.addMember("exported", { type: "ip", value: "127.0.0.1" });
  using _nfs = await ground.mount("exported");
  assert.equal((await nfs.patch("exported", { netgroup: "" })).netgroup, "");
  assert.equal(await netgroups.delete("exported"), true);
  const squash = await contract.raw(
    ...["PATCH", "/api/v1/shares/exported/adapters/nfs/config", '{"squash":"root"}'] as const,
  );
  assert.equal(squash.status, 400);
});

Deno.test("quotas: PUT replaces the whole of one, sizes are shown, the default user's is broken", async () => {
  const { shares: { quotas } } = contract.client;
  await ground.share("limits");
  assert.deepEqual(await quotas.list("limits"), []);
  const none = { graceSeconds: 0, limitFiles: 0, softFiles: 0, usedBytes: 0, usedFiles: 0 };
  const first = await quotas.set("limits", { uid: 1001 }, {
    ...{ graceSeconds: 60, limitBytes: 1e9, limitFiles: 10, softBytes: 5e8, softFiles: 5 },
  });
  assert.deepEqual(first, {
    ...{ ...none, graceSeconds: 60, identityId: 1001, limitBytes: sizeAsShown(1e9) },
    ...{ limitFiles: 10, scope: "user", softBytes: sizeAsShown(5e8), softFiles: 5 },
  });
  const second = await quotas.set("limits", { uid: 1001 }, { limitFiles: 7 });
  const row = { ...none, limitBytes: 0, softBytes: 0 };
  assert.deepEqual(second, { ...row, identityId: 1001, limitFiles: 7, scope: "user" });
  await quotas.set("limits", { gid: 0 }, { limitBytes: 5 });
  assert.deepEqual(
    (await quotas.list("limits")).map(({ identityId, scope }) => [scope, identityId]).toSorted(),
    [["group", 0], ["user", 1001]],
  );
  assert.equal(await quotas.delete("limits", { gid: 0 }), true);
  assert.equal(await quotas.delete("limits", { gid: 0 }), false);
  assert.match(
    await refusalOf(quotas.set("limits", { uid: 1 }, { limitBytes: 5, softBytes: 6 })),
    /: 400 soft_bytes must not exceed limit_bytes$/,
  );
  const broken = await contract.raw("PUT", "/api/v1/shares/limits/quotas/default-user", "{}");
  assert.equal(broken.status, 400);
  assert.match(broken.text, /Invalid scope/);
});

Deno.test("quotas: those of a share that is not there are an empty list, and can be set", async () => {
  const { shares: { quotas } } = contract.client;
  assert.deepEqual(await quotas.list("nowhere"), []);
  await quotas.set("nowhere", { uid: 1 }, { limitFiles: 1 });
  assert.equal((await quotas.list("nowhere")).length, 1);
});

Deno.test("snapshot policies: PUT replaces the whole of one, whose interval is rewritten", async () => {
  const { shares: { snapshotPolicy }, snapshotPolicies } = contract.client;
  await ground.share("policy");
  assert.equal(await snapshotPolicy.get("policy"), undefined);
  const fields = { interval: "@daily", keepLast: 3, namePrefix: "auto", ttl: "720h" };
  const day = 24 * 3_600_000;
  const shown = {
    enabled: true,
    intervalMs: day,
    keepLast: 3,
    namePrefix: "auto",
    share: "policy",
  };
  assert.deepEqual(await snapshotPolicy.put("policy", fields), { ...shown, ttlMs: 30 * day });
  assert.deepEqual(await snapshotPolicy.put("policy", { enabled: false, interval: "10s" }), {
    ...{ enabled: false, intervalMs: 10_000, keepLast: 0, namePrefix: "", share: "policy" },
    ttlMs: 0,
  });
  assert.deepEqual((await snapshotPolicies.list()).map((policy) => policy.share), ["policy"]);
  assert.match(
    await refusalOf(snapshotPolicy.put("policy", { interval: "1 fortnight" })),
    /: 400 invalid interval: /,
  );
  assert.match(
    await refusalOf(snapshotPolicy.put("none", { interval: "1h" })),
    /^PUT \/shares\/none\/snapshot-policy: 404 /,
  );
  assert.equal(await snapshotPolicy.delete("policy"), true);
  assert.equal(await snapshotPolicy.delete("policy"), false);
});
