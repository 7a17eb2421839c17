import assert from "node:assert/strict";
import type { DittoServer, DittoServerInput } from "../../api/dittoserver.ts";
import { Cache } from "../../kube/cache.ts";
import type { Live, LiveMeta } from "../../kube/object.ts";
import { testResource } from "../dittoserver/_fixture.ts";
import { dittoServers } from "../kinds.ts";
import { connectionTrigger, relatedServers } from "./server_changes.ts";

const about = (serverKey: string) => serverKey === "files/demo" ? ["files/alice"] : [];

/** A server at a version. */
function server(
  version: number,
  spec: Partial<DittoServerInput> = {},
  more: Partial<DittoServer> & { metadata?: Partial<LiveMeta> } = {},
): Live<DittoServer> {
  const resource = testResource(spec);
  const resourceVersion = String(version);
  return {
    ...resource,
    ...more,
    metadata: { ...resource.metadata, ...more.metadata, resourceVersion },
  };
}

/** The keys that were looked at after each of these states of the server; undefined is gone. */
async function looks(...states: (Live<DittoServer> | undefined)[]): Promise<string[][]> {
  const cache = new Cache<DittoServer>();
  const looked: string[] = [];
  relatedServers({ resource: dittoServers, cache, use: "watch" }, about)
    .listen((key) => void looked.push(key));
  const after: string[][] = [];
  await cache.follow((async function* () {
    yield { type: "sync" as const, resourceVersion: "1", items: [], rewound: false };
    let last = server(2);
    for (const state of states) {
      looked.length = 0;
      yield state
        ? { type: "put" as const, object: state }
        : { type: "delete" as const, object: last };
      await Promise.resolve();
      after.push([...looked]);
      last = state ?? last;
    }
  })());
  return after;
}

Deno.test("relatedServers() looks when a server comes, lets others in, is going, and has gone", async () => {
  const allowing = { allowedNamespaces: ["other"] };
  const deletionTimestamp = "2030-01-01T00:00:00Z";
  const going = server(4, allowing, { metadata: { deletionTimestamp } });
  const states = [server(2), server(3, allowing), going, undefined];
  assert.deepEqual(await looks(...states), states.map(() => ["files/alice"]));
});

Deno.test("relatedServers() looks when a server is paused, and when its pause ends", async () => {
  const annotations = { "dittofs.dittofs.com/paused": "true" };
  const annotated = server(5, {}, { metadata: { annotations } });
  const states = [server(2), server(3, { paused: true }), server(4), annotated, server(6)];
  assert.deepEqual(await looks(...states), states.map(() => ["files/alice"]));
});

Deno.test("relatedServers() looks at nothing when the status changes, or what is none of our business", async () => {
  const changed = server(4, { logging: { level: "DEBUG" } });
  const states = [server(2), server(3, {}, { status: { phase: "Running" } }), changed];
  assert.deepEqual(await looks(...states), [["files/alice"], [], []]);
});

Deno.test("connectionTrigger() forgets the server and then looks, when it comes, goes, or is compared", () => {
  const listeners: ((key: string) => void)[] = [];
  const listen = (listener: (key: string) => void) => void listeners.push(listener);
  const happened: string[] = [];
  connectionTrigger({ onChange: listen, onCheck: listen }, about, (key) => happened.push(key))
    .listen((key) => void happened.push(key));
  assert.equal(listeners.length, 2);
  for (const tell of listeners) {
    tell("files/demo");
    assert.deepEqual(happened.splice(0), ["files/demo", "files/alice"]);
  }
});
