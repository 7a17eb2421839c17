// The contract with the real server: who may come in, users, groups, and how refusals look.

import assert from "node:assert/strict";
import { Contract, refusalOf } from "./_contract.ts";
import { changes } from "./_contract_fields.ts";
import { ACCESS_FIELDS } from "./_contract_tables.ts";
import { SECRET } from "./_dfs.ts";

let contract: Contract;

Deno.test.beforeAll(async () => {
  contract = await Contract.start();
});
Deno.test.afterAll(async () => await contract[Symbol.asyncDispose]());

/** A user's password: long enough, and not that of the administrator. */
const PASSWORD = "Alice-pass-1";

Deno.test("health: open to everybody, tells of the database and of what is loaded", async () => {
  const nobody = contract.as(() => "");
  const { data, status } = await nobody.health.live();
  assert.deepEqual([status, data.controlPlaneDb], ["healthy", "reachable"]);
  const ready = await nobody.health.ready();
  assert.deepEqual([ready.data.shares, ready.data.metadataStores], [0, 0]);
  assert.deepEqual(ready.data.adapters.types?.toSorted(), ["nfs", "smb"]);
});

Deno.test("auth: a login gives tokens for 15 minutes, also for a refresh token", async () => {
  const login = await contract.client.auth.login("admin", SECRET);
  assert.deepEqual([login.expiresInMs, login.user.mustChangePassword], [900_000, false]);
  const refreshed = await contract.client.auth.refresh(login.refreshToken);
  assert.equal((await contract.as(() => refreshed.accessToken).auth.me()).username, "admin");
  assert.equal(
    await refusalOf(contract.client.auth.refresh(login.accessToken)),
    "POST /auth/refresh: 401 Invalid refresh token",
  );
  assert.equal(
    await refusalOf(contract.as(() => login.refreshToken).auth.me()),
    "GET /auth/me: 401 Invalid or expired token",
  );
});

Deno.test("auth: wrong passwords and unknown users read alike, disabled users do not", async () => {
  const { auth, users } = contract.client;
  const wrong = "POST /auth/login: 401 Invalid username or password";
  assert.equal(await refusalOf(auth.login("admin", "wrong-password")), wrong);
  assert.equal(await refusalOf(auth.login("nobody", "wrong-password")), wrong);
  const made = await users.create({ enabled: false, password: PASSWORD, username: "disabled" });
  assert.equal(made.enabled, true, "a new user is enabled whatever is asked for");
  await users.update("disabled", { enabled: false });
  assert.equal(
    await refusalOf(auth.login("disabled", PASSWORD)),
    "POST /auth/login: 403 User account is disabled",
  );
});

Deno.test("auth: the layers before the handlers refuse in plain text, handlers in problem+json", async () => {
  const { auth, users } = contract.client;
  await users.create({ password: PASSWORD, username: "plain" });
  const { accessToken } = await auth.login("plain", PASSWORD);
  const admin = await contract.raw("GET", "/api/v1/users", undefined, accessToken);
  const broken = await contract.raw("GET", "/api/v1/users", undefined, "x");
  const none = await contract.raw("GET", "/api/v1/auth/me", undefined, "");
  const texts = [[403, "Admin access required\n"], [401, "Invalid or expired token\n"]];
  assert.deepEqual([admin, broken].map(({ status, text }) => [status, text]), texts);
  assert.equal(none.status, 401);
  for (const { type } of [admin, broken, none]) assert.match(type, /^text\/plain/);
  const handler = await contract.raw("GET", "/api/v1/users/nobody");
  assert.deepEqual([handler.status, handler.type], [404, "application/problem+json"]);
});

Deno.test("routes: an unknown one is a 404 in plain text, a wrong method an empty 405", async () => {
  const unknown = await contract.raw("GET", "/api/v1/nothing");
  assert.deepEqual([unknown.status, unknown.text], [404, "404 page not found\n"]);
  assert.match(unknown.type, /^text\/plain/);
  const wrong = await contract.raw("PATCH", "/api/v1/users");
  assert.deepEqual([wrong.status, wrong.text], [405, ""]);
  const root = await contract.raw("GET", "/");
  assert.equal(root.status, 307);
});

Deno.test("settings: an unknown key is 200 with an empty value, and not a 404", async () => {
  const { status, text } = await contract.raw("GET", "/api/v1/settings/no.such.key");
  assert.deepEqual([status, JSON.parse(text)], [200, { key: "no.such.key", value: "" }]);
});

Deno.test("auth: a new user of role admin must change the password before anything else", async () => {
  const { auth, users } = contract.client;
  const made = await users.create({ password: PASSWORD, role: "admin", username: "second" });
  assert.equal(made.mustChangePassword, true);
  const before = await auth.login("second", PASSWORD);
  assert.equal(before.user.mustChangePassword, true);
  const held = contract.as(() => before.accessToken);
  const duty = /^GET \/users: 403 account "second" must set a new password/;
  assert.match(await refusalOf(held.users.list()), duty);
  assert.equal((await held.auth.me()).username, "second");
  const after = await held.auth.changeOwnPassword("Second-pass-2");
  assert.equal(after.user.mustChangePassword, false);
  assert.match(await refusalOf(held.users.list()), duty, "the old token stays held");
  await contract.as(() => after.accessToken).users.list();
  // The old one is good for nothing now, and again after an administrator set another.
  assert.match(await refusalOf(auth.login("second", PASSWORD)), /401/);
  await users.setPassword("second", "Third-pass-3");
  assert.equal((await auth.login("second", "Third-pass-3")).user.mustChangePassword, true);
});

Deno.test("auth: changing one's own password needs the current one, and 8 characters", async () => {
  const { auth, users } = contract.client;
  await users.create({ password: PASSWORD, username: "changes" });
  const { accessToken } = await auth.login("changes", PASSWORD);
  const own = contract.as(() => accessToken).auth;
  const at = "POST /users/me/password";
  const refusals: Readonly<Record<string, () => Promise<unknown>>> = {
    [`${at}: 400 Current password is required`]: () => own.changeOwnPassword("Other-pass-2"),
    [`${at}: 401 Current password is incorrect`]: () =>
      own.changeOwnPassword("Other-pass-2", "wrong"),
    [`${at}: 500 Failed to hash password`]: () => own.changeOwnPassword("short", PASSWORD),
    "POST /users: 500 Failed to hash password": () =>
      users.create({ password: "short", username: "x" }),
  };
  for (const [words, call] of Object.entries(refusals)) {
    assert.equal(await refusalOf(call()), words);
  }
  await own.changeOwnPassword("Other-pass-2", PASSWORD);
  await auth.login("changes", "Other-pass-2");
});

Deno.test("auth: a token outlives the user's being disabled, and the user", async () => {
  const { auth, users } = contract.client;
  await users.create({ password: PASSWORD, role: "admin", username: "outlived" });
  const first = await auth.login("outlived", PASSWORD);
  const { accessToken, refreshToken } = await contract.as(() => first.accessToken).auth
    .changeOwnPassword("Second-pass-2");
  const outlived = contract.as(() => accessToken);
  await users.update("outlived", { enabled: false });
  await outlived.users.list();
  assert.match(await refusalOf(auth.refresh(refreshToken)), /403 User account is disabled$/);
  await users.delete("outlived");
  await outlived.users.list();
  assert.equal(await refusalOf(outlived.auth.me()), "GET /auth/me: 401 User not found");
});

Deno.test("users: PUT changes what it is given; groups are replaced, a uid cannot be taken away", async () => {
  const { users } = contract.client;
  const fields = { displayName: "Alice", email: "alice@example.com", gid: 1001, uid: 1001 };
  const made = await users.create({
    ...{ ...fields, groups: ["users"], password: PASSWORD, username: "alice" },
  });
  assert.deepEqual([made.role, made.enabled, made.groups], ["user", true, ["users"]]);
  const { id } = made;
  const same = { ...fields, enabled: true, id, mustChangePassword: false, role: "user" };
  assert.deepEqual(
    await users.update("alice", { groups: ["operators"] }),
    { ...same, groups: ["operators"], username: "alice" },
  );
  await users.update("alice", { displayName: "", groups: [] });
  assert.deepEqual(
    await users.get("alice"),
    { ...same, displayName: "", groups: [], username: "alice" },
  );
  const nulls = await contract.raw("PUT", "/api/v1/users/alice", '{"uid":null,"nonsense":1}');
  assert.deepEqual([nulls.status, (await users.get("alice"))?.uid], [200, 1001]);
});

Deno.test("users: names that are taken, unknown groups, and the administrator are refused", async () => {
  const { users } = contract.client;
  await users.create({ password: PASSWORD, username: "taken" });
  const unknown = { groups: ["no-such-group"], password: PASSWORD, username: "other" };
  const wordsOf = {
    "POST /users: 409 User already exists": { password: PASSWORD, username: "taken" },
    "POST /users: 400 One or more specified groups do not exist": unknown,
  };
  for (const [words, user] of Object.entries(wordsOf)) {
    assert.equal(await refusalOf(users.create(user)), words);
  }
  assert.equal(
    await refusalOf(users.delete("admin")),
    "DELETE /users/admin: 403 Cannot delete admin user",
  );
});

Deno.test("users and groups: a number that another one has reads as a name that is taken, or as a fault", async () => {
  const { groups, users } = contract.client;
  await users.create({ password: PASSWORD, uid: 7002, username: "first-uid" });
  await users.create({ password: PASSWORD, username: "without-uid" });
  const second = { password: PASSWORD, uid: 7002, username: "second-uid" };
  assert.equal(await refusalOf(users.create(second)), "POST /users: 409 User already exists");
  assert.equal(await users.get("second-uid"), undefined);
  assert.equal(
    await refusalOf(users.update("without-uid", { uid: 7002 })),
    "PUT /users/without-uid: 500 Failed to update user",
  );
  await groups.create({ gid: 8002, name: "first-gid" });
  await groups.create({ name: "without-gid" });
  assert.equal(
    await refusalOf(groups.create({ gid: 8002, name: "second-gid" })),
    "POST /groups: 409 Group already exists",
  );
  assert.match(await refusalOf(groups.update("without-gid", { gid: 8002 })), /^PUT .*: 500 /);
});

Deno.test("users: any name finds its user again, whatever is in it", async () => {
  const { users } = contract.client;
  const signs = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index))
    .filter((sign) => sign !== "/");
  for (const name of [`x${signs.join("")}`, "a@example.com", "a!b c@d", "größe", "50%25", "a b"]) {
    await users.create({ password: PASSWORD, username: name });
    assert.equal((await users.get(name))?.username, name);
    assert.equal(await users.delete(name), true);
    assert.equal(await users.delete(name), false);
  }
});

Deno.test("groups: the server's own stay, members come and go, a gid of 0 is none", async () => {
  const { groups, users } = contract.client;
  const gids = new Map((await groups.list()).map(({ gid, name }) => [name, gid]));
  assert.deepEqual(["admins", "operators", "users"].map((name) => gids.get(name)), [0, 999, 1000]);
  assert.match(await refusalOf(groups.delete("users")), /: 403 Cannot delete system group$/);
  assert.equal((await groups.create({ gid: 0, name: "none" })).gid, undefined);
  await groups.create({ description: "Engineers", gid: 5000, name: "eng" });
  assert.equal(
    await refusalOf(groups.create({ name: "eng" })),
    "POST /groups: 409 Group already exists",
  );
  assert.equal((await groups.update("eng", { gid: 5001 })).description, "Engineers");
  await users.create({ password: PASSWORD, username: "member" });
  await groups.addMember("eng", "member");
  await groups.addMember("eng", "member");
  assert.deepEqual(await groups.listMembers("eng"), ["member"]);
  assert.deepEqual((await users.get("member"))?.groups, ["eng"]);
  assert.equal(await groups.removeMember("eng", "member"), true);
  assert.equal(await groups.removeMember("eng", "member"), true, "there is no telling");
  assert.match(await refusalOf(groups.addMember("eng", "nobody")), /: 404 User not found$/);
  await groups.addMember("eng", "member");
  assert.equal(await groups.delete("eng"), true, "its members do not keep it");
  assert.equal(await groups.get("eng"), undefined);
  assert.equal(await groups.listMembers("eng"), undefined);
});

Deno.test("answers about access have the fields that they had", async () => {
  const { auth, groups, users } = contract.client;
  await groups.create({ description: "All", gid: 6000, name: "all-fields" });
  await users.create({
    ...{ displayName: "All", email: "all@example.com", gid: 1, password: PASSWORD, uid: 1 },
    ...{ groups: ["all-fields"], username: "all-fields" },
  });
  await auth.login("all-fields", PASSWORD);
  await users.get("all-fields");
  await groups.get("all-fields");
  await groups.listMembers("all-fields");
  assert.deepEqual(changes(ACCESS_FIELDS, contract.answers), []);
});
