// Whose change brings another look at a share.

import assert from "node:assert/strict";
import type { Service } from "../../api/kubernetes/types.ts";
import { Cache } from "../../kube/cache.ts";
import type { Live } from "../../kube/object.ts";
import { dittoGroups, dittoUsers, secrets, services } from "../kinds.ts";
import { shareResource } from "./_fixture.ts";
import { look } from "./_look.ts";
import { shareRelations, shareWatches } from "./share_kinds.ts";
import { labelsOf } from "./volume.ts";

type Resource = ReturnType<typeof shareResource>;

/** A share and its neighbours' caches. `after` gives what is looked at for each state of a Service. */
async function afterServices(...states: Live<Service>[]): Promise<string[][]> {
  const watches = shareWatches();
  watches.kinds.shares.cache.observe(shareResource({ serverRef: { name: "demo" } }));
  const cache = new Cache<Service>();
  const { servers } = look();
  const looked: string[] = [];
  const neighbours = {
    servers: { ...servers, services: { resource: services, cache, use: "apply", deletes: true } },
    secrets: { resource: secrets, cache: new Cache(), use: "read" },
    users: { resource: dittoUsers, cache: new Cache(), use: "watch" },
    groups: { resource: dittoGroups, cache: new Cache(), use: "watch" },
  } as unknown as Parameters<typeof shareRelations>[1];
  for (const { listen } of shareRelations(watches, neighbours)) listen((key) => looked.push(key));
  const after: string[][] = [];
  await cache.follow((async function* () {
    yield { type: "sync" as const, resourceVersion: "1", items: [], rewound: false };
    for (const object of states) {
      looked.length = 0;
      yield { type: "put" as const, object };
      await Promise.resolve();
      after.push([...looked]);
    }
  })());
  return after;
}

const service = (version: number, clusterIP: string, port: number, more = {}): Live<Service> => ({
  metadata: {
    ...{ name: "demo-adapter-nfs", namespace: "files", uid: "s", labels: { instance: "demo" } },
    resourceVersion: String(version),
  },
  spec: { clusterIP, ports: [{ name: "adapter-nfs", port }], ...more },
});

Deno.test("shareRelations() looks when the Service of a server gets another address or port", async () => {
  assert.deepEqual(
    await afterServices(
      service(2, "10.0.0.1", 2049),
      service(3, "10.0.0.2", 2049),
      service(4, "10.0.0.2", 12049),
      service(5, "10.0.0.2", 12049, { externalTrafficPolicy: "Local" }),
    ),
    [["files/projects"], ["files/projects"], ["files/projects"], []],
  );
});

const share = (spec: Partial<Resource["spec"]>, name = "projects") =>
  shareResource(spec, { name, uid: `uid-${name}` });

Deno.test("shareWatches() finds shares by their server, also from other namespaces", () => {
  const { kinds, sharesOn } = shareWatches();
  kinds.shares.cache.observe(share({}));
  kinds.shares.cache.observe(share({ serverRef: { name: "demo", namespace: "other" } }, "far"));
  assert.deepEqual(sharesOn("files/demo"), ["files/projects"]);
  assert.deepEqual(sharesOn("other/demo"), ["files/far"]);
});

Deno.test("shareWatches() knows whether a share says itself when snapshots are made, by its name on the server", () => {
  const { kinds, hasPolicy } = shareWatches();
  kinds.shares.cache.observe(share({ shareName: "data", snapshotPolicy: { interval: "@daily" } }));
  assert.equal(hasPolicy("files/demo", "data"), true);
  assert.equal(hasPolicy("files/demo", "projects"), false);
  assert.equal(hasPolicy("files/other", "data"), false);
});

Deno.test("labelsOf() has what the watch of volumes asks for", () => {
  const { watched } = shareWatches();
  const selector = watched.find(({ tracked }) => tracked.resource.kind === "PersistentVolume")
    ?.labelSelector?.split(",") ?? [];
  const labels: Readonly<Record<string, string>> = labelsOf({ uid: "u" });
  assert.equal(selector.length, 2);
  for (const part of selector) {
    const [name = "", value] = part.split("=");
    assert.ok(value === undefined ? labels[name] !== undefined : labels[name] === value, part);
  }
});
