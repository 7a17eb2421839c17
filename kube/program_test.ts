// A whole program in virtual time at an API server in memory: start, outage, election, end.

import assert from "node:assert/strict";
import { Api } from "./api.ts";
import { Cache } from "./cache.ts";
import { Controller, done } from "./controller.ts";
import { jsonLogger } from "./log.ts";
import { Program } from "./program.ts";
import { resource } from "./resource.ts";
import { type Fault, FaultClient } from "./testing/fault_client.ts";
import { goSilent, refuse, watchOf } from "./testing/faults.ts";
import { MemoryApi } from "./testing/memory_api.ts";
import { type Thing, things } from "./testing/things.ts";
import { VirtualClock } from "./testing/virtual_clock.ts";

const path = (name: string) => `/apis/test.example/v1/namespaces/default/things/${name}`;
const LEASE = "/apis/coordination.k8s.io/v1/namespaces/system/leases/operator";

const others = resource<Thing>({
  ...{ group: "test.example", version: "v1", kind: "Other", plural: "others", namespaced: true },
});

/** What several copies of a program share. */
class World {
  readonly clock = new VirtualClock();
  readonly server = new MemoryApi(this.clock);
  readonly lines: { level: string; msg: string }[] = [];
  readonly log = jsonLogger((line) => this.lines.push(JSON.parse(line)));
}

/** One copy: it watches two kinds and notes which things it looks at. */
class Copy {
  readonly client: FaultClient;
  readonly api: Api;
  readonly program: Program;
  readonly visits: string[] = [];
  readonly #world: World;
  readonly #abort = new AbortController();
  readonly #running: Promise<void>;

  constructor(world: World, options: { identity?: string; faults?: Record<string, Fault> } = {}) {
    const { clock, server, log } = world;
    this.#world = world;
    this.client = new FaultClient(server);
    for (const [plural, fault] of Object.entries(options.faults ?? {})) {
      this.client.add({ when: watchOf(plural), then: fault, times: Infinity });
    }
    this.api = new Api(this.client, clock);
    const primary = { resource: things, cache: new Cache<Thing>(), use: "watch" } as const;
    const owned = { resource: others, cache: new Cache<Thing>(), use: "watch" } as const;
    const timing = { clock, random: () => 0.5, log };
    const controller = new Controller<Thing>({
      ...{ name: "thing", primary, owned: [owned], ...timing },
      reconcile: (key) => {
        this.visits.push(key.replace("default/", ""));
        return this.reconcile();
      },
    });
    const { identity } = options;
    this.program = new Program({
      ...{ api: this.api, ...timing, controllers: [controller] },
      watched: [{ tracked: primary }, { tracked: owned }],
      ...(identity && { election: { namespace: "system", name: "operator", identity } }),
    });
    this.#running = this.program.run(this.#abort.signal);
  }

  reconcile = () => Promise.resolve(done);

  async stop(): Promise<void> {
    this.#abort.abort();
    await this.#world.clock.runUntil(this.#running);
  }
}

Deno.test("Program [rule 17] is in sync, and begins to work, when every kind has been seen whole (W59)", async () => {
  const world = new World();
  world.server.put(path("a"), { spec: {} });
  const waiting = new Copy(world, { faults: { others: goSilent() } });
  await world.clock.advance(60_000);
  assert.deepEqual([waiting.program.isSynced, waiting.visits], [false, []]);
  await waiting.stop();
  const copy = new Copy(world);
  await world.clock.settle();
  assert.deepEqual([copy.program.isSynced, copy.visits], [true, ["a"]]);
  await copy.stop();
});

Deno.test("Program [rule 17] stays ready through an outage, says so once, and catches up", async () => {
  const world = new World();
  const copy = new Copy(world);
  await world.clock.advance(1_000);
  world.lines.length = 0;
  {
    using _outage = copy.client.add({ when: () => true, then: refuse, times: Infinity });
    copy.client.endStreams();
    world.server.put(path("missed"), { spec: {} });
    await world.clock.advance(300_000);
    assert.equal(copy.program.isSynced, true);
    assert.deepEqual(copy.visits, []);
  }
  await world.clock.advance(31_000);
  assert.deepEqual(copy.visits, ["missed"]);
  assert.deepEqual(world.lines.map(({ level }) => level), ["error", "info"]);
  assert.match(world.lines[1]?.msg ?? "", /all watches work again/);
  await copy.stop();
});

Deno.test("Program ends at once and leaves nothing behind", async () => {
  const world = new World();
  world.server.put(path("a"), { spec: {} });
  const copy = new Copy(world, { identity: "a" });
  await world.clock.advance(60_000);
  const before = world.clock.now();
  await copy.stop();
  assert.equal(world.clock.now(), before);
  assert.equal(world.clock.pending, 0);
});

Deno.test("Program lets one copy work; the other is warm and goes on when it must", async () => {
  const world = new World();
  const [a, b] = [new Copy(world, { identity: "a" }), new Copy(world, { identity: "b" })];
  await world.clock.advance(1_000);
  world.server.put(path("one"), { spec: {} });
  await world.clock.advance(1_000);
  assert.deepEqual([a.visits, b.visits], [["one"], []]);
  assert.deepEqual([a.program.isSynced, b.program.isSynced], [true, true]);
  const before = b.client.requests.length;
  await a.stop();
  await world.clock.settle();
  assert.deepEqual(b.visits, ["one"]);
  assert.deepEqual(b.client.requests.slice(before).map(({ method }) => method), ["PATCH"]);
  world.server.put(path("two"), { spec: {} });
  await world.clock.settle();
  assert.deepEqual([a.visits, b.visits], [["one"], ["one", "two"]]);
  await b.stop();
});

Deno.test("Program gives up what it is writing when the lease is lost", async () => {
  const world = new World();
  const a = new Copy(world, { identity: "a" });
  a.client.add({ when: ({ path }) => path.endsWith("/hanging"), then: goSilent() });
  const outcomes: string[] = [];
  a.reconcile = async () => {
    const at = { namespace: "default", name: "hanging" };
    await a.api.mergePatch(things, at, {}, "test").catch((error) => outcomes.push(error.message));
    return done;
  };
  await world.clock.advance(1_000);
  world.server.put(path("x"), { spec: {} });
  await world.clock.advance(1_000);
  assert.deepEqual([a.visits, outcomes], [["x"], []]);
  world.server.put(LEASE, { spec: { holderIdentity: "b", leaseDurationSeconds: 15 } });
  await world.clock.advance(2_000);
  assert.deepEqual(outcomes, ["given up: the leader lease is lost"]);
  await a.stop();
});
