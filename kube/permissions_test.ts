// Which verbs a declaration comes to.

import assert from "node:assert/strict";
import { Cache } from "./cache.ts";
import { joined, type Permission, permissionsOf } from "./permissions.ts";
import { related } from "./relations.ts";
import { resource } from "./resource.ts";
import { type Thing, things } from "./testing/things.ts";
import type { Tracked } from "./tracked.ts";

const kind = (plural: string, use: Tracked<Thing>["use"], more: { deletes?: true } = {}) => ({
  resource: resource<Thing>({ ...things, plural }),
  cache: new Cache<Thing>(),
  use,
  ...more,
});

/** As `plural/subresource: verbs`. */
const lines = (permissions: readonly Permission[]) =>
  permissions.map(({ resource, subresource, verbs }) =>
    `${resource.plural}${subresource ? `/${subresource}` : ""}: ${verbs.join(" ")}`
  );

Deno.test("permissionsOf() gives each use its verbs, in the order in which RBAC prints them", () => {
  const owned = [
    kind("applied", "apply", { deletes: true }),
    kind("created", "create"),
    kind("patched", "patch"),
  ];
  const relations = [kind("read", "read"), kind("seen", "watch", { deletes: true })];
  const keysOf = () => [];
  assert.deepEqual(
    lines(permissionsOf(kind("things", "watch"), owned, relations.map((k) => related(k, keysOf)))),
    [
      "things: list watch",
      "things/status: patch",
      "things/finalizers: update",
      "applied: get list watch create patch delete",
      "created: get list watch create patch",
      "patched: list watch patch",
      "read: get list watch",
      "seen: list watch delete",
    ],
  );
});

Deno.test("permissionsOf() makes one rule of two uses of one resource", () => {
  const read = related(kind("secrets", "read"), () => []);
  assert.deepEqual(
    lines(permissionsOf(kind("things", "watch"), [kind("secrets", "create")], [read])).slice(3),
    ["secrets: get list watch create patch"],
  );
});

Deno.test("joined() keeps groups and subresources apart, the first order, and every verb", () => {
  const other = resource<Thing>({ ...things, group: "other.example" });
  assert.deepEqual(
    joined([
      { resource: things, verbs: ["patch"] },
      { resource: other, verbs: ["watch"] },
      { resource: things, subresource: "status", verbs: ["patch"] },
      { resource: things, verbs: ["get", "deletecollection"] },
    ]).map(({ resource, verbs, subresource }) => [resource.group, subresource, verbs]),
    [
      ["test.example", undefined, ["deletecollection", "get", "patch"]],
      ["other.example", undefined, ["watch"]],
      ["test.example", "status", ["patch"]],
    ],
  );
});
