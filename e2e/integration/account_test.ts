// Users and groups with real servers.

import assert from "node:assert/strict";
import { AccountGround, SERVER } from "./_account_ground.ts";
import { beside as test } from "./_beside.ts";
import { namespace } from "./_rest_ground.ts";

let ground: AccountGround;
Deno.test.beforeAll(async () => void (ground = await AccountGround.start()));
Deno.test.afterAll(async () => await ground?.[Symbol.asyncDispose]());

const ALICE = {
  ...{ uid: 1001, gid: 5000, groups: ["engineering", "users"], displayName: "Alice Example" },
  passwordSecretRef: { name: "alice" },
};

test("A server, a group and a user made by one apply end in a user that logs in", async () => {
  await ground.rest.secret("alice", { password: "first-password" });
  await ground.apply(
    ["DittoUser", "alice", ALICE],
    ["DittoGroup", "engineering", { gid: 5000, description: "Builders" }],
    ["DittoServer", SERVER, { storage: { metadataSize: "1Gi", contentSize: "1Gi" } }],
  );
  await ground.server().ready();
  await ground.ready("dittouser", "alice");
  await ground.ready("dittogroup", "engineering");
  const { id: _, ...row } = await ground.row("users", "alice") ?? {};
  assert.deepEqual(row, {
    ...{ username: "alice", display_name: "Alice Example", uid: 1001, gid: 5000 },
    ...{ groups: ["engineering", "users"], enabled: true },
  });
  const group = await ground.row("groups", "engineering");
  assert.deepEqual([group?.gid, group?.description], [5000, "Builders"]);
  assert.ok(await ground.logsIn("alice", "first-password"));
});

test("A password is rotated by its Secret alone", async () => {
  await ground.rest.secret("alice", { password: "second-password" });
  await ground.until("the new one counts", () => ground.logsIn("alice", "second-password"));
  assert.equal(await ground.logsIn("alice", "first-password"), false);
  await ground.ready("dittouser", "alice");
  await ground.rest.secret("alice", { password: "short" });
  const message = await ground.ready("dittouser", "alice", "SecretInvalid");
  assert.match(message, /has not the 8 to 72 characters/);
  assert.ok(await ground.logsIn("alice", "second-password"));
  await ground.rest.secret("alice", { password: "third-password" });
  await ground.ready("dittouser", "alice");
  assert.ok(await ground.logsIn("alice", "third-password"));
});

test("What somebody changes by hand is put back at the next check", async () => {
  const change = { uid: 1002, enabled: false, groups: ["operators"], email: "by@hand" };
  const { status } = await ground.server().byHand("PUT", "/users/alice", change);
  assert.equal(status, 200);
  await ground.server().byHand("PUT", "/groups/engineering", { gid: 5001 });
  ground.check();
  await ground.until("it is put back", async () => {
    const [user, group] = [
      await ground.row("users", "alice"),
      await ground.row("groups", "engineering"),
    ];
    return user?.uid === 1001 && user.enabled && user.groups.join() === "engineering,users" &&
      group?.gid === 5000;
  });
  // The spec says nothing of it.
  assert.equal((await ground.row("users", "alice"))?.email, "by@hand");
  const drift = (await ground.rest.operator.metrics.text()).match(/drift_total\{.*/g);
  assert.deepEqual(drift?.toSorted(), [
    'drift_total{kind="group"} 1',
    'drift_total{kind="user"} 1',
  ]);
});

test("With Report it is left, and said", async () => {
  await ground.apply(["DittoUser", "alice", { ...ALICE, management: "Report" }]);
  await ground.ready("dittouser", "alice");
  await ground.server().byHand("PUT", "/users/alice", { uid: 1002 });
  ground.check();
  assert.match(
    await ground.ready("dittouser", "alice", "Differs"),
    /differs on the server: uid is 1002 and not 1001/,
  );
  assert.equal((await ground.row("users", "alice"))?.uid, 1002);
  await ground.apply(["DittoUser", "alice", { ...ALICE, management: "Enforce" }]);
  await ground.ready("dittouser", "alice");
  assert.equal((await ground.row("users", "alice"))?.uid, 1001);
});

test("A user that is disabled cannot log in, from the beginning and later", async () => {
  await ground.rest.secret("bob", { password: "bobs-password" });
  const bob = { passwordSecretRef: { name: "bob" } };
  await ground.apply(["DittoUser", "bob", { ...bob, enabled: false }]);
  await ground.ready("dittouser", "bob");
  assert.equal(await ground.logsIn("bob", "bobs-password"), false);
  await ground.apply(["DittoUser", "bob", { ...bob, enabled: true }]);
  await ground.ready("dittouser", "bob");
  assert.ok(await ground.logsIn("bob", "bobs-password"));
});

test("A user made by hand is left alone and told, until it is to be taken over", async () => {
  const fields = { username: "carol", password: "carols-password", uid: 1003 };
  const { status } = await ground.server().byHand("POST", "/users", fields);
  assert.equal(status, 201);
  const before = await ground.row("users", "carol");
  await ground.rest.secret("carol", { password: "another-password" });
  const carol = { uid: 1004, passwordSecretRef: { name: "carol" } };
  await ground.apply(["DittoUser", "carol", carol]);
  await ground.ready("dittouser", "carol", "NotOurs");
  assert.deepEqual(await ground.row("users", "carol"), before);
  await ground.delete("dittouser", "carol");
  assert.deepEqual(await ground.row("users", "carol"), before);
  assert.ok(await ground.logsIn("carol", "carols-password"));

  await ground.apply(["DittoUser", "carol", { ...carol, adopt: true }]);
  await ground.ready("dittouser", "carol");
  assert.deepEqual(await ground.row("users", "carol"), { ...before, uid: 1004 });
  assert.ok(await ground.logsIn("carol", "another-password"));
  await ground.delete("dittouser", "carol");
  assert.equal(await ground.row("users", "carol"), undefined);
});

test("Numbers that others have are told with who has them", async () => {
  await ground.apply(
    ["DittoUser", "dave", { uid: 1001 }],
    ["DittoGroup", "testers", { gid: 5000 }],
  );
  assert.match(await ground.ready("dittouser", "dave", "UIDTaken"), /user "alice" has it/);
  assert.match(await ground.ready("dittogroup", "testers", "GIDTaken"), /"engineering" has it/);
  await ground.apply(["DittoUser", "dave", { uid: 1005 }], ["DittoGroup", "testers", {
    gid: 5005,
  }]);
  await ground.ready("dittouser", "dave");
  await ground.ready("dittogroup", "testers");
  await ground.apply(["DittoUser", "dave", { uid: 1001, email: "dave@example.com" }]);
  await ground.ready("dittouser", "dave", "UIDTaken");
  const dave = await ground.row("users", "dave");
  assert.deepEqual([dave?.uid, dave?.email], [1005, "dave@example.com"]);
});

test("Of two resources for one user the older has it", async () => {
  await ground.apply(["DittoUser", "erin", {}]);
  await ground.ready("dittouser", "erin");
  await ground.apply(["DittoUser", "erin-too", { username: "erin" }]);
  assert.match(await ground.ready("dittouser", "erin-too", "NameTaken"), /"files\/erin"/);
  const before = await ground.row("users", "erin");
  await ground.delete("dittouser", "erin");
  await ground.ready("dittouser", "erin-too");
  assert.notEqual((await ground.row("users", "erin"))?.id, before?.id);
});

test("A user of another namespace is made where the server lets it in", async () => {
  await ground.rest.plane.kubectl(["create", "namespace", "others"]);
  const spec = { at: "others", serverRef: { name: SERVER, namespace } };
  await ground.apply(["DittoUser", "frank", spec]);
  await ground.ready("dittouser", "frank", "NamespaceNotAllowed", "others");
  await ground.rest.patch(SERVER, { allowedNamespaces: ["others"] });
  await ground.ready("dittouser", "frank", "AsWanted", "others");
  assert.ok(await ground.row("users", "frank"));
});

test("The names that the server needs itself are refused", async () => {
  for (const [kind, name] of [["DittoUser", "admin"], ["DittoGroup", "users"]] as const) {
    await assert.rejects(ground.apply([kind, name, { adopt: true }]), /must not be/);
  }
});

test("An operator that starts anew writes nothing, and a hundred users cost one list", async () => {
  const users = Array.from({ length: 100 }, (_, i): [string, string, object] => [
    "DittoUser",
    `many-${i}`,
    { uid: 2000 + i, groups: ["engineering"] },
  ]);
  await ground.apply(...users);
  for (const [, name] of users) await ground.ready("dittouser", name);
  const written = { userAgent: "rest-test", withoutWatches: true, verbs: ["create", "patch"] };
  const { audit } = ground.rest.plane.plane;
  await audit.waitForQuiet(written, { quietFor: 2_000, within: 30_000 });
  const from = Date.now();
  ground.asked();
  ground.check();
  const lists = () => ground.rest.calls.filter((call) => / .*\/(users|groups)$/.test(call)).length;
  await ground.until("the check is over", () => Promise.resolve(lists() >= 2));
  await audit.waitForQuiet(written, { quietFor: 2_000, within: 30_000 });
  const accounts = () => ground.asked().filter((call) => /\/(users|groups)\b/.test(call)).sort();
  assert.deepEqual(accounts(), ["GET /groups", "GET /users"]);
  await ground.rest.restartOperator();
  await ground.until("it has looked", () => Promise.resolve(lists() >= 2));
  await audit.waitForQuiet(written, { quietFor: 2_000, within: 30_000 });
  assert.deepEqual(accounts(), ["GET /groups", "GET /users"]);
  assert.deepEqual(await audit.requests({ ...written, from }), []);
  for (const [, name] of users) assert.ok(await ground.row("users", name), name);
});

test("Users and groups are there again when the database is lost, with their passwords", async () => {
  await ground.server().loseDatabase();
  await ground.until("alice logs in", () => ground.logsIn("alice", "third-password"));
  await ground.ready("dittouser", "alice");
  await ground.ready("dittogroup", "engineering");
  const alice = await ground.row("users", "alice");
  assert.deepEqual([alice?.uid, alice?.groups.join()], [1001, "engineering,users"]);
  assert.ok(await ground.logsIn("bob", "bobs-password"));
});

test("A user and a group that are deleted are gone from the server", async () => {
  await ground.delete("dittogroup", "engineering");
  assert.equal(await ground.row("groups", "engineering"), undefined);
  await ground.ready("dittouser", "alice", "GroupNotFound");
  await ground.delete("dittouser", "alice");
  assert.equal(await ground.row("users", "alice"), undefined);
});

test("A user is let go at once when the server is gone, or was stopped and goes", async () => {
  await ground.rest.patch(SERVER, { hibernate: true });
  await ground.ready("dittouser", "bob", "ServerStopped");
  const leave = ["delete", "dittouser", "bob", "--namespace", namespace, "--wait=false"];
  await ground.rest.plane.kubectl(leave);
  await ground.ready("dittouser", "bob", "Deleting");
  await ground.delete("dittoserver", SERVER);
  await ground.until("bob is gone", async () => {
    const found = ["get", "dittouser", "bob", "--namespace", namespace, "--ignore-not-found"];
    return (await ground.rest.plane.kubectl(found)) === "";
  });
  await ground.ready("dittouser", "dave", "ServerNotFound");
  await ground.delete("dittouser", "dave");
});
