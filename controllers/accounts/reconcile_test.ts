// Whose a user or a group of a server is, in virtual time: what is made, taken over, left alone
// and removed.

import assert from "node:assert/strict";
import { answerWith } from "../../dittofs/testing/http_faults.ts";
import { path, World } from "./_world.ts";

const alice = path.user("alice");
const NOTHING_TO_SAY = ["Ready=AsWanted"];

const names = ({ dfs }: World) => [...dfs.users.keys()];
const writes = ({ dfs }: World) => dfs.asked().filter((call) => !call.startsWith("GET"));

Deno.test("a user is made when there is a server to make them on", async () => {
  await using world = new World();
  await world.user("alice");
  assert.deepEqual(world.said(alice), [
    ...["Ready=ServerNotFound", "ServerReady=ServerNotFound"],
    ...["AccountReady=Waiting", "PasswordReady=Waiting"],
  ]);
  assert.equal(world.resource(alice)?.status?.phase, "Pending");
  assert.equal(world.resource(alice)?.metadata?.finalizers, undefined);
  await world.serve();
  assert.deepEqual(world.said(alice), NOTHING_TO_SAY);
  assert.deepEqual(names(world), ["admin", "alice"]);
});

Deno.test("a server that does not answer is waited for without asking again, but once when it takes too long", async () => {
  await using world = await World.withServer();
  world.dfs.down = true;
  await world.user("alice");
  assert.deepEqual(world.said(alice).slice(0, 2), ["Ready=Unreachable", "ServerReady=Unreachable"]);
  const calls = world.http.calls.length;
  await world.clock.advance(3_600_000);
  assert.equal(world.http.calls.length, calls + 1);
  world.dfs.down = false;
  await world.tell();
  assert.deepEqual(world.said(alice), NOTHING_TO_SAY);
});

Deno.test("a user of another namespace is made where the server lets it in", async () => {
  await using world = await World.withServer();
  const bob = path.user("bob", "other");
  await world.user("bob", {}, { namespace: "other" });
  assert.equal(world.said(bob)[0], "Ready=NamespaceNotAllowed");
  assert.match(world.message(bob), /does not let namespace "other" in; add it to its spec.allowed/);
  // What is not let in has no name either.
  await world.clock.advance(1_000);
  await world.user("bob");
  assert.deepEqual(world.said(path.user("bob")), NOTHING_TO_SAY);
  await world.delete(path.user("bob"));
  assert.deepEqual(names(world), ["admin"]);
  await world.serve({ allowedNamespaces: ["other"] });
  assert.deepEqual(world.said(bob), NOTHING_TO_SAY);
  await world.serve({ allowedNamespaces: [] });
  assert.equal(world.said(bob)[0], "Ready=NamespaceNotAllowed");
  await world.delete(bob);
  assert.equal(world.resource(bob), undefined);
  assert.deepEqual(names(world), ["admin"]);
});

Deno.test("a user that somebody has made by hand is left alone, and told", async () => {
  await using world = await World.withServer();
  world.dfs.byHand("users", "alice", { uid: 7 });
  await world.user("alice", { uid: 1001 });
  assert.deepEqual(world.said(alice), [
    ...["Ready=NotOurs", "AccountReady=NotOurs", "PasswordReady=Waiting"],
  ]);
  assert.match(world.message(alice), /set spec.adopt to true to take it over/);
  assert.equal(world.resource(alice)?.status?.phase, "Failed");
  await world.delete(alice);
  assert.equal(world.resource(alice), undefined);
  assert.deepEqual(writes(world), []);
  assert.equal(world.dfs.users.get("alice")?.fields.uid, 7);
});

Deno.test("a user that is to be taken over is, and gets what the spec has and the password", async () => {
  await using world = await World.withServer();
  const { id } = world.dfs.byHand("users", "alice", { uid: 7, email: "a@b" });
  await world.secret("alice", { password: "first-password" });
  await world.user("alice", { uid: 1001, adopt: true, passwordSecretRef: { name: "alice" } });
  assert.deepEqual(world.said(alice), NOTHING_TO_SAY);
  assert.deepEqual(writes(world), [`PUT /users/${id}`, "POST /users/alice/password"]);
  const row = world.dfs.users.get("alice");
  assert.deepEqual([row?.id, row?.fields.uid, row?.fields.email], [id, 1001, "a@b"]);
  await world.delete(alice);
  assert.deepEqual(names(world), ["admin"]);
});

Deno.test("a user with another role on the server is not taken over", async () => {
  await using world = await World.withServer();
  world.dfs.byHand("users", "alice", { role: "admin" });
  await world.user("alice", { adopt: true });
  assert.equal(world.said(alice)[0], "Ready=NotOurs");
  assert.match(world.message(alice), /it has the role admin there/);
  assert.deepEqual(writes(world), []);
});

Deno.test("a user that somebody makes by hand after ours is gone is not taken for ours", async () => {
  await using world = await World.withServer();
  await world.user("alice", { uid: 1001 });
  world.dfs.users.delete("alice");
  world.dfs.byHand("users", "alice", { uid: 7 });
  world.dfs.asked();
  await world.tell();
  assert.equal(world.said(alice)[0], "Ready=NotOurs");
  await world.delete(alice);
  assert.equal(world.resource(alice), undefined);
  assert.equal(world.dfs.users.get("alice")?.fields.uid, 7);
});

for (const what of ["groups", "password"] as const) {
  Deno.test(`a user that somebody has just put in the place of ours does not get our ${what}`, async () => {
    await using world = await World.withServer();
    await world.secret("alice", { password: "first-password" });
    const spec = { passwordSecretRef: { name: "alice" } };
    await world.user("alice", spec);
    // Within the time for which a list is believed.
    world.dfs.users.delete("alice");
    const theirs = world.dfs.byHand("users", "alice", { groups: ["admins"] });
    if (what === "groups") await world.user("alice", { ...spec, groups: ["users"] });
    else await world.secret("alice", { password: "second-password" });
    await world.clock.advance(1_000);
    assert.equal(world.said(alice)[0], "Ready=NotOurs");
    assert.deepEqual(world.dfs.users.get("alice"), theirs);
  });
}

Deno.test("the names of the server itself are not for users and groups", async () => {
  await using world = await World.withServer();
  for (const name of ["admin", "Admin", "dittofs-operator"]) {
    await world.user("reserved", { username: name, adopt: true });
    assert.equal(world.said(path.user("reserved"))[0], "Ready=InvalidSpec", name);
  }
  for (const groupName of ["admins", "operators", "users"]) {
    await world.group("reserved", { groupName, adopt: true });
    assert.equal(world.said(path.group("reserved"))[0], "Ready=InvalidSpec", groupName);
  }
  assert.deepEqual(world.dfs.asked(), []);
});

Deno.test("of two that want one name the older gets it, and the other follows when it is gone", async () => {
  await using world = await World.withServer();
  await world.user("second", { username: "alice", uid: 2 }, {
    creationTimestamp: "2030-01-01T00:00:02Z",
  });
  // The younger has it already, and keeps it.
  await world.user("first", { username: "alice", uid: 1 }, {
    creationTimestamp: "2030-01-01T00:00:01Z",
  });
  await world.user("third", { username: "alice", uid: 3 }, {
    creationTimestamp: "2030-01-01T00:00:03Z",
  });
  const [first, second, third] = ["first", "second", "third"].map((name) => path.user(name));
  assert.ok(first && second && third);
  assert.deepEqual(world.said(second), NOTHING_TO_SAY);
  for (const other of [first, third]) {
    assert.deepEqual(world.said(other).slice(0, 2), ["Ready=NameTaken", "AccountReady=NameTaken"]);
    assert.match(world.message(other), /that of DittoUser "files\/second"; delete one of the two/);
  }
  await world.delete(second);
  assert.deepEqual(world.said(first), NOTHING_TO_SAY);
  assert.match(world.message(third), /that of DittoUser "files\/first"/);
  assert.equal(world.dfs.users.get("alice")?.fields.uid, 1);
});

Deno.test("a number stays with who has it when the database is lost, and is another's once it is free", async () => {
  await using world = await World.withServer();
  const bob = path.user("bob");
  await world.user("alice", { uid: 1000 }, { creationTimestamp: "2030-01-01T00:00:02Z" });
  await world.user("alice", { uid: 1001 });
  await world.user("bob", { uid: 1001 }, { creationTimestamp: "2030-01-01T00:00:01Z" });
  assert.deepEqual(world.said(bob).slice(0, 2), ["Ready=UIDTaken", "AccountReady=UIDTaken"]);
  world.dfs.loseDatabase();
  await world.tell();
  assert.deepEqual(world.said(alice), NOTHING_TO_SAY);
  assert.equal(world.dfs.users.has("bob"), false);
  // Nor while its user is away.
  world.dfs.loseDatabase();
  world.http.add({
    when: ({ method, request }) => method === "POST" && request.body?.includes("alice") === true,
    then: answerWith(500),
    times: 3,
  });
  await world.tell();
  assert.deepEqual([...world.dfs.users.keys()], ["admin"]);
  assert.match(world.message(bob), /cannot have uid 1001: it is that of DittoUser "files\/alice"/);
  await world.clock.advance(10_000);
  assert.deepEqual(world.said(alice), NOTHING_TO_SAY);

  await world.user("alice", { uid: 1002 });
  assert.deepEqual([world.said(alice), world.said(bob)], [NOTHING_TO_SAY, NOTHING_TO_SAY]);
  assert.equal(world.dfs.users.get("bob")?.fields.uid, 1001);
});

Deno.test("of two that want one number from the beginning the older gets it", async () => {
  await using world = new World();
  await world.user("alice", { uid: 1001 }, { creationTimestamp: "2030-01-01T00:00:02Z" });
  await world.user("bob", { uid: 1001 }, { creationTimestamp: "2030-01-01T00:00:01Z" });
  await world.serve();
  assert.equal(world.said(alice)[0], "Ready=UIDTaken");
  assert.deepEqual(world.said(path.user("bob")), NOTHING_TO_SAY);
  await world.delete(path.user("bob"));
  assert.deepEqual(world.said(alice), NOTHING_TO_SAY);
});

Deno.test("a user is made again with the password when the database is lost", async () => {
  await using world = await World.withServer();
  await world.secret("alice", { password: "first-password" });
  await world.group("engineering", { gid: 5000 });
  const spec = { uid: 1001, groups: ["engineering"], passwordSecretRef: { name: "alice" } };
  await world.user("alice", spec);
  const before = world.dfs.users.get("alice");
  world.dfs.loseDatabase();
  await world.tell();
  assert.deepEqual(world.said(alice), NOTHING_TO_SAY);
  const after = world.dfs.users.get("alice");
  assert.notEqual(after?.id, before?.id);
  assert.deepEqual({ ...after, id: "" }, { ...before, id: "" });
  assert.deepEqual(world.drifts.toSorted(), ["group", "user"]);
});

Deno.test("a disabled user has the password again after the database was lost", async () => {
  await using world = await World.withServer();
  await world.secret("alice", { password: "first-password" });
  await world.user("alice", { enabled: false, passwordSecretRef: { name: "alice" } });
  world.dfs.loseDatabase();
  await world.tell();
  const { password, fields } = world.dfs.users.get("alice") ?? {};
  assert.deepEqual([password, fields?.enabled], ["first-password", false]);
});

Deno.test("a deletion waits for a server that is away, and for none that is gone", async () => {
  await using world = await World.withServer();
  await world.user("alice");
  world.dfs.down = true;
  await world.delete(alice);
  assert.deepEqual(world.said(alice).slice(0, 2), ["Ready=Deleting", "ServerReady=Unreachable"]);
  assert.equal(world.resource(alice)?.status?.phase, "Deleting");
  assert.match(world.message(alice), /cannot be removed from the server yet: .*does not answer/);
  world.server.remove(path.server);
  await world.settle();
  assert.equal(world.resource(alice), undefined);
});

Deno.test("a deletion ends at once when its server is being deleted", async () => {
  await using world = await World.withServer();
  await world.user("alice");
  world.dfs.down = true;
  const { metadata } = world.server.read(path.server) ?? {};
  world.server.put(path.server, {
    metadata: { ...metadata, finalizers: ["x/y"], deletionTimestamp: "2030-01-01T00:00:00Z" },
  });
  await world.settle();
  await world.delete(alice);
  assert.equal(world.resource(alice), undefined);
});

Deno.test("with Report nothing that exists is changed, and what differs is said", async () => {
  await using world = await World.withServer();
  await world.secret("alice", { password: "first-password" });
  const report = { management: "Report", passwordSecretRef: { name: "alice" } } as const;
  await world.user("alice", { ...report, uid: 1001, groups: ["users"], enabled: false });
  assert.deepEqual(world.said(alice), NOTHING_TO_SAY);
  assert.equal(world.dfs.users.get("alice")?.fields.enabled, false);
  assert.equal(world.dfs.users.get("alice")?.password, "first-password");
  world.dfs.byHand("users", "alice", { uid: 7, groups: [], enabled: true });
  await world.secret("alice", { password: "second-password" });
  world.dfs.asked();
  await world.tell();
  assert.deepEqual(world.said(alice), [
    ...["Ready=Differs", "AccountReady=Differs", "PasswordReady=Waiting"],
  ]);
  assert.match(
    world.message(alice),
    /enabled is true and not false, uid is 7 and not 1001, groups is none and not users/,
  );
  world.dfs.users.delete("alice");
  await world.tell();
  assert.match(world.message(alice), /User "alice" is not on the server any more/);
  assert.deepEqual(writes(world), []);
  assert.deepEqual(world.drifts, ["user"]);
});

Deno.test("with Report a user stays on the server when the resource is deleted", async () => {
  await using world = await World.withServer();
  await world.user("alice", { management: "Report" });
  await world.delete(alice);
  assert.equal(world.resource(alice), undefined);
  assert.deepEqual(names(world), ["admin", "alice"]);
});

Deno.test("a hundred users cost one list at a check, and a restart writes nothing", async () => {
  const world = await World.withServer();
  await world.group("engineering");
  for (let i = 0; i < 100; i++) await world.user(`user-${i}`, { groups: ["engineering"] });
  world.dfs.asked();
  const written = world.client.writes.length;
  await world.tell();
  assert.deepEqual(world.dfs.asked().sort(), ["GET /groups", "GET /users"]);
  assert.equal(world.client.writes.length, written);
  await world.clock.advance(3_600_000);
  assert.deepEqual(world.dfs.asked(), []);
  await using next = await world.restart();
  assert.deepEqual(next.dfs.asked().sort(), ["GET /groups", "GET /users"]);
  assert.equal(next.client.writes.length, 0);
});

Deno.test("an answer that is lost makes no second user, and no stranger of the first", async () => {
  await using world = await World.withServer();
  world.http.add({
    when: ({ method }) => method === "POST",
    then: async ({ forward }) => {
      const { status, headers } = await forward();
      return { status: status === 201 ? 504 : status, headers, text: "" };
    },
  });
  await world.user("alice", { uid: 1001 });
  await world.clock.advance(1_000);
  assert.deepEqual(world.said(alice), NOTHING_TO_SAY);
  assert.equal(writes(world).filter((call) => call === "POST /users").length, 1);
});
