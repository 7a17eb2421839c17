import assert from "node:assert/strict";
import type { Netgroup } from "../../dittofs/netgroups.ts";
import { memberChanges, memberOf } from "./netgroup.ts";

/** A client of `allowedClients`, and what kind of member it is. */
const kinds: [string, string][] = [
  ["10.0.0.1", "ip"],
  ["fd00::1", "ip"],
  ["10.0.0.0/8", "cidr"],
  ["fd00::/8", "cidr"],
  ["host.example.com", "hostname"],
  ["*.example.com", "hostname"],
  // No address has a part like this one, but a name may.
  ["10.0.0.1a", "hostname"],
];
for (const [client, type] of kinds) {
  Deno.test(`memberOf() makes "${client}" a member of type ${type}`, () => {
    assert.deepEqual(memberOf(client), { type, value: client });
  });
}

const netgroup = (...values: string[]): Netgroup => ({
  name: "share-projects",
  members: values.map((value, place) => ({ id: `m${place}`, ...memberOf(value) })),
});

/** What a netgroup has, the clients of the spec, and what comes to or leaves it. */
const cases: [string, string[], string[], string[], string[]][] = [
  ["adds and removes what differs", ["10.0.0.1", "a"], ["a", "b"], ["b"], ["m0"]],
  ["does nothing where the order alone differs", ["a", "b"], ["b", "a"], [], []],
  ["removes all for an empty list, which lets nobody in", ["a"], [], [], ["m0"]],
  ["adds a client once that the spec has twice", [], ["a", "a"], ["a"], []],
  [
    "does nothing about a client that the spec has twice and that is there",
    ["a"],
    ["a", "a"],
    [],
    [],
  ],
  ["removes the second of two equal members", ["a", "a"], ["a"], [], ["m1"]],
];
for (const [what, live, clients, add, remove] of cases) {
  Deno.test(`memberChanges() ${what}`, () => {
    const changes = memberChanges(netgroup(...live), clients);
    assert.deepEqual(changes.add.map(({ value }) => value), add);
    assert.deepEqual(changes.remove.map(({ id }) => id), remove);
  });
}
