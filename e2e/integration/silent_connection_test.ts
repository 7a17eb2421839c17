// A connection that goes silent without an end, as behind a load balancer that forgets a flow.
//
// Watches notice within their own bound of 205 s. The test lets the watches' clock run fifty
// times faster, so the bound is 4.1 s here; the socket and the API server are real.

import assert from "node:assert/strict";
import type { ConfigMap } from "../../api/kubernetes/types.ts";
import { configMaps } from "../../controllers/kinds.ts";
import { Api } from "../../kube/api.ts";
import { Cache } from "../../kube/cache.ts";
import { type Clock, systemClock } from "../../kube/clock.ts";
import { connect } from "../../kube/connect.ts";
import { TcpProxy } from "../../kube/testing/tcp_proxy.ts";
import { Transport } from "../../kube/transport.ts";
import { watch } from "../../kube/watch.ts";
import { until } from "../harness/poll.ts";
import { type TestPlane, testPlane } from "./_plane.ts";

const SPEED = 50;
const fast: Clock = {
  now: () => systemClock.now() * SPEED,
  timer: (ms, callback) => systemClock.timer(ms / SPEED, callback),
};

let ground: TestPlane;

Deno.test.beforeAll(async () => {
  ground = await testPlane({ controllerManager: false });
});
Deno.test.afterAll(async () => await ground[Symbol.asyncDispose]());

Deno.test("watch() notices a silent connection within 205 s and goes on where it was", async () => {
  const { hostname, port } = new URL(ground.plane.url);
  await using proxy = TcpProxy.listen({ hostname, port: Number(port) });
  const access = await connect({ kubeconfig: ground.plane.kubeconfig() }, systemClock);
  const server = `https://127.0.0.1:${proxy.port}`;
  using transport = new Transport({ ...access, server }, "silence-test/1");
  const api = new Api(transport, fast);
  const cache = new Cache<ConfigMap>();
  const stop = new AbortController();
  const failures: number[] = [];
  let syncs = 0;
  const following = cache.follow(watch({
    ...{ api, resource: configMaps, namespace: "default", clock: fast, random: Math.random },
    observer: {
      failed: () => void failures.push(performance.now()),
      syncing: () => void syncs++,
    },
  }, stop.signal));
  await cache.synced;

  proxy.pause();
  const silentSince = performance.now();
  await ground.kubectl(["create", "configmap", "unheard", "--namespace=default"]);
  await until("the silence is noticed", () => failures.length > 0, { within: 20_000 });
  const noticedAfter = ((failures[0] ?? 0) - silentSince) * SPEED / 1000;
  assert.ok(noticedAfter <= 215, `${noticedAfter} s on the watch's clock`);

  proxy.cut();
  proxy.resume();
  await until("what was missed is known", () => cache.get("default/unheard") !== undefined, {
    within: 20_000,
  });
  assert.equal(syncs, 1, "the whole state was fetched again for one silence");
  stop.abort();
  await following;
});
