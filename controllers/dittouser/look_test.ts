// Users in the hands of their controller, in virtual time.

import assert from "node:assert/strict";
import { failWith } from "../../kube/testing/faults.ts";
import { path, World } from "../accounts/_world.ts";

const alice = path.user("alice");

/** A world with alice, made with everything. */
async function withAlice(): Promise<World> {
  const world = await World.withServer();
  await world.secret("alice", { password: "first-password" });
  await world.group("engineering", { gid: 5000 });
  await world.user("alice", WHOLE);
  assert.deepEqual(world.said(alice), ["Ready=AsWanted"]);
  world.dfs.asked();
  return world;
}

const WHOLE = {
  uid: 1001,
  gid: 1001,
  groups: ["users", "engineering"],
  displayName: "Alice Example",
  email: "alice@example.com",
  passwordSecretRef: { name: "alice" },
};

const fieldsOf = ({ dfs }: World, name = "alice") => dfs.users.get(name)?.fields;

Deno.test("a user is made with everything that the spec has", async () => {
  await using world = await withAlice();
  assert.deepEqual(fieldsOf(world), {
    ...{ display_name: "Alice Example", email: "alice@example.com", enabled: true },
    ...{ gid: 1001, groups: ["engineering", "users"], role: "user", uid: 1001 },
  });
  assert.equal(world.dfs.users.get("alice")?.password, "first-password");
  assert.deepEqual(world.resource(alice)?.metadata?.finalizers, ["dittofs.dittofs.com/user"]);
});

Deno.test("a user is made before their groups are there, and is in each as soon as it comes", async () => {
  await using world = await World.withServer();
  await world.user("alice", { groups: ["engineering", "users"] });
  assert.deepEqual(world.said(alice), ["Ready=GroupNotFound", "AccountReady=GroupNotFound"]);
  assert.match(world.message(alice), /the group "engineering", which is not on the server/);
  assert.deepEqual(fieldsOf(world)?.groups, ["users"]);
  await world.group("engineering");
  assert.deepEqual(world.said(alice), ["Ready=AsWanted"]);
  assert.deepEqual(fieldsOf(world)?.groups, ["engineering", "users"]);
});

Deno.test("a user's groups are exactly those of the spec", async () => {
  await using world = await withAlice();
  await world.user("alice", { ...WHOLE, groups: ["users"] });
  assert.deepEqual(fieldsOf(world)?.groups, ["users"]);
  world.dfs.byHand("users", "alice", { groups: ["admins", "users"] });
  await world.tell();
  assert.deepEqual(fieldsOf(world)?.groups, ["users"]);
  assert.deepEqual(world.drifts, ["user"]);
});

Deno.test("a user whose spec says nothing of a field is left alone in it", async () => {
  await using world = await World.withServer();
  await world.user("alice");
  assert.equal(fieldsOf(world)?.display_name, "");
  world.dfs.byHand("users", "alice", { display_name: "By hand", email: "a@b", uid: 7, gid: 7 });
  world.dfs.asked();
  await world.tell();
  assert.deepEqual(world.dfs.asked(), ["GET /users"]);
  assert.equal(fieldsOf(world)?.display_name, "By hand");
});

Deno.test("a user's fields are put back where somebody changed them, in one write", async () => {
  await using world = await withAlice();
  world.dfs.byHand("users", "alice", { uid: 1002, enabled: false, display_name: "Mallory" });
  await world.tell();
  const { id } = world.dfs.users.get("alice") ?? {};
  assert.deepEqual(world.dfs.asked(), ["GET /groups", "GET /users", `PUT /users/${id}`]);
  const { uid, enabled, display_name } = fieldsOf(world) ?? {};
  assert.deepEqual([uid, enabled, display_name], [1001, true, "Alice Example"]);
  assert.deepEqual(world.drifts, ["user"]);
});

Deno.test("a change of the spec is no drift", async () => {
  await using world = await withAlice();
  await world.user("alice", { ...WHOLE, email: "alice@example.org" });
  assert.equal(fieldsOf(world)?.email, "alice@example.org");
  assert.deepEqual(world.drifts, []);
});

Deno.test("a user that is to be disabled never has a password that somebody knows while enabled", async () => {
  await using world = await World.withServer();
  await world.secret("alice", { password: "first-password" });
  const seen: string[] = [];
  world.http.add({
    when: ({ method }) => method === "PUT",
    then: async ({ forward }) => {
      seen.push(world.dfs.users.get("alice")?.password ?? "");
      return await forward();
    },
  });
  await world.user("alice", { enabled: false, passwordSecretRef: { name: "alice" } });
  assert.deepEqual(world.said(alice), ["Ready=AsWanted"]);
  assert.equal(fieldsOf(world)?.enabled, false);
  assert.equal(seen.length, 1);
  assert.notEqual(seen[0], "first-password");
  assert.equal(world.dfs.users.get("alice")?.password, "first-password");
});

Deno.test("a password is set again when its Secret changes, and at no other time", async () => {
  await using world = await withAlice();
  await world.tell();
  assert.equal(world.dfs.asked().some((call) => call.includes("password")), false);
  await world.secret("alice", { password: "second-password" });
  assert.equal(world.dfs.users.get("alice")?.password, "second-password");
  assert.deepEqual(
    world.dfs.asked().filter((call) => call.includes("password")),
    ["POST /users/alice/password"],
  );
  assert.equal(fieldsOf(world)?.display_name, "Alice Example");
});

Deno.test("a password is set again when another key or another Secret is named", async () => {
  await using world = await withAlice();
  await world.secret("other", { password: "third-password", next: "fourth-password" });
  await world.user("alice", { ...WHOLE, passwordSecretRef: { name: "other" } });
  assert.equal(world.dfs.users.get("alice")?.password, "third-password");
  await world.user("alice", { ...WHOLE, passwordSecretRef: { name: "other", key: "next" } });
  assert.equal(world.dfs.users.get("alice")?.password, "fourth-password");
});

/** What is in the Secret, and what is said of it. */
const lacking = [
  [undefined, "SecretNotFound", /Secret "alice" does not exist/],
  [{ other: "first-password" }, "SecretKeyMissing", /no value under "password"/],
  [{ password: "1234567" }, "SecretInvalid", /has not the 8 to 72 characters/],
  [{ password: "x".repeat(73) }, "SecretInvalid", /has not the 8 to 72 characters/],
  [{ password: "first-password\n" }, "SecretInvalid", /has a line break/],
] as const;

for (const [values, reason, message] of lacking) {
  const what = values ? JSON.stringify(values).slice(0, 30) : "no Secret";
  Deno.test(`a user is made all the same with ${what}, which is told as ${reason}`, async () => {
    await using world = await World.withServer();
    if (values) await world.secret("alice", values);
    await world.user("alice", { uid: 1001, passwordSecretRef: { name: "alice" } });
    assert.deepEqual(world.said(alice), [`Ready=${reason}`, `PasswordReady=${reason}`]);
    assert.match(world.message(alice), message);
    assert.equal(world.resource(alice)?.status?.phase, "Failed");
    assert.equal(fieldsOf(world)?.uid, 1001);
    assert.equal(world.dfs.requests.some((call) => call.includes("password")), false);
    await world.secret("alice", { password: "first-password" });
    assert.deepEqual(world.said(alice), ["Ready=AsWanted"]);
    assert.equal(world.dfs.users.get("alice")?.password, "first-password");
  });
}

Deno.test("a password stays that was set when its Secret goes", async () => {
  await using world = await withAlice();
  world.server.remove(path.secret("alice"));
  await world.settle();
  assert.deepEqual(world.said(alice), ["Ready=SecretNotFound", "PasswordReady=SecretNotFound"]);
  assert.equal(world.dfs.users.get("alice")?.password, "first-password");
});

Deno.test("a Secret that cannot be read is told of, and read again", async () => {
  await using world = await World.withServer();
  await world.secret("alice", { password: "first-password" });
  const status = { code: 403, reason: "Forbidden", message: "secrets is forbidden" };
  world.client.add({
    when: ({ method, path }) => method === "GET" && path.endsWith("/secrets/alice"),
    then: failWith({ kind: "Status", ...status }),
    times: 2,
  });
  await world.user("alice", { uid: 1001, passwordSecretRef: { name: "alice" } });
  assert.deepEqual(world.said(alice), ["Ready=SecretUnreadable", "PasswordReady=SecretUnreadable"]);
  assert.equal(fieldsOf(world)?.uid, 1001);
  await world.clock.advance(1_000);
  assert.deepEqual(world.said(alice), ["Ready=AsWanted"]);
  assert.equal(world.dfs.users.get("alice")?.password, "first-password");
});

Deno.test("a uid that another user has is told, and everything else is done", async () => {
  await using world = await World.withServer();
  world.dfs.byHand("users", "bob", { uid: 1001 });
  await world.user("alice", { uid: 1001 });
  assert.deepEqual(world.said(alice), [
    "Ready=UIDTaken",
    "AccountReady=UIDTaken",
    "PasswordReady=Waiting",
  ]);
  assert.match(world.message(alice), /cannot have uid 1001: user "bob" has it/);
  assert.equal(world.dfs.users.has("alice"), false);
  assert.equal(world.resource(alice)?.metadata?.finalizers, undefined);
  world.dfs.users.delete("bob");
  await world.tell();
  assert.deepEqual(world.said(alice), ["Ready=AsWanted"]);
  world.dfs.byHand("users", "bob", { uid: 1002 });
  await world.user("alice", { uid: 1002, email: "alice@example.com" });
  await world.clock.advance(10_000);
  assert.deepEqual(world.said(alice), ["Ready=UIDTaken", "AccountReady=UIDTaken"]);
  assert.deepEqual([fieldsOf(world)?.uid, fieldsOf(world)?.email], [1001, "alice@example.com"]);
});
