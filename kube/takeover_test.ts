// Taking over the fields of an older writer: what is moved, and when it is sent.

import assert from "node:assert/strict";
import type { ManagedFieldsEntry } from "./object.ts";
import { NotOursError } from "./ownership.ts";
import { takenOver } from "./takeover.ts";
import { DIGEST, OURS, owner, PATH, wanted, writing } from "./testing/writer_run.ts";

const apiVersion = "test.example/v1";

const entry = (
  manager: string,
  operation: "Apply" | "Update",
  fieldsV1: unknown,
  more: Partial<ManagedFieldsEntry> = {},
): ManagedFieldsEntry => ({ manager, operation, apiVersion, fieldsV1, ...more });

const former = ["old", "older"];
const take = (...entries: ManagedFieldsEntry[]) =>
  takenOver(entries, { apiVersion, fieldManager: "operator", former });

Deno.test("takenOver() makes one entry of ours of all that the former managers have", () => {
  const kubectl = entry("kubectl", "Update", { "f:spec": { "f:theirs": {} } });
  assert.deepEqual(
    take(
      kubectl,
      entry("old", "Update", { "f:spec": { ".": {}, "f:x": {}, "f:y": { "f:a": {} } } }),
      entry("older", "Update", { "f:spec": { "f:y": { "f:b": {} } }, "f:data": {} }),
    ),
    [
      entry("operator", "Apply", {
        "f:spec": { ".": {}, "f:x": {}, "f:y": { "f:a": {}, "f:b": {} } },
        "f:data": {},
      }),
      kubectl,
    ],
  );
});

Deno.test("takenOver() adds to the entry that is ours already", () => {
  const ours = entry("operator", "Apply", { "f:spec": { "f:x": {} } }, { time: "2030" });
  const theirs = entry("old", "Update", { "f:spec": { "f:y": {} } }, { time: "2020" });
  assert.deepEqual(take(theirs, ours), [
    { ...ours, fieldsV1: { "f:spec": { "f:x": {}, "f:y": {} } } },
  ]);
});

Deno.test("takenOver() leaves statuses, other versions, other managers and applies as they are", () => {
  const others = [
    entry("old", "Update", { "f:status": {} }, { subresource: "status" }),
    entry("old", "Update", { "f:x": {} }, { apiVersion: "test.example/v1beta1" }),
    entry("kubectl", "Update", { "f:x": {} }),
    entry("old", "Apply", { "f:x": {} }),
    entry("operator", "Update", { "f:x": {} }),
  ];
  assert.equal(take(...others), undefined);
  assert.equal(take(), undefined);
  const theirs = entry("old", "Update", { "f:y": {} });
  assert.deepEqual(take(...others, theirs)?.slice(1), others);
});

const managedFields = [
  entry("old", "Update", { "f:spec": { "f:x": {} } }),
  entry("kubectl", "Update", { "f:spec": { "f:z": {} } }),
];

for (const watched of [true, false]) {
  const where = watched ? "that is watched" : "that the watch does not select";
  Deno.test(`Writer.apply() takes an older writer's object over first ${where}`, async () => {
    const { server, client, writer, applied, catchUp } = writing({ formerManagers: former });
    const older = server.put(PATH, {
      metadata: { ownerReferences: [OURS], managedFields },
      spec: { x: 1, z: 1 },
    });
    if (watched) await catchUp();
    await writer.apply(applied, wanted({ y: 2 }));
    const [takeover, apply] = client.writes.slice(-2);
    const { uid, resourceVersion } = older.metadata;
    assert.deepEqual(takeover?.options.bodyJson, {
      metadata: {
        managedFields: [entry("operator", "Apply", { "f:spec": { "f:x": {} } }), managedFields[1]],
        uid,
        resourceVersion,
      },
    });
    assert.equal(takeover?.options.contentType, "application/merge-patch+json");
    assert.equal(apply?.options.contentType, "application/apply-patch+yaml");
    assert.equal(writer.writes, watched ? 2 : 3);
    const before = client.requests.length;
    await writer.session().apply(applied, wanted({ y: 2 }));
    await writer.apply(applied, wanted({ y: 3 }));
    assert.deepEqual(client.requests.slice(before).map(({ method }) => method), ["PATCH"]);
  });
}

Deno.test("Writer.apply() looks for an older writer only if it knows of one, and once", async () => {
  for (
    const [options, methods] of [[{}, ["PATCH"]], [{ formerManagers: former }, [
      "GET",
      "PATCH",
    ]]] as const
  ) {
    const { server, client, writer, applied, catchUp } = writing(options);
    const theirs = [entry("kubectl", "Update", {})];
    server.put(PATH, { metadata: { ownerReferences: [OURS], managedFields: theirs }, spec: {} });
    await catchUp();
    await writer.apply(applied, wanted({ y: 2 }));
    await writer.session().apply(applied, wanted({ y: 2 }));
    assert.deepEqual(client.requests.map(({ method }) => method), methods);
    assert.ok(applied.cache.get("default/a")?.metadata.annotations?.[DIGEST]);
  }
});

Deno.test("Writer.apply() takes over nothing that has become another's since it was seen", async () => {
  const { server, client, writer, applied, catchUp } = writing({ formerManagers: former });
  server.put(PATH, { metadata: { ownerReferences: [OURS] }, spec: {} });
  await catchUp();
  server.put(PATH, { metadata: { ownerReferences: [owner("another")], managedFields } });
  await assert.rejects(writer.apply(applied, wanted({ y: 2 })), NotOursError);
  assert.deepEqual(client.writes, []);
});
