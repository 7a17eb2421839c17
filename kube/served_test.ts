// Kinds that a cluster may not have: a program in virtual time at an API server in memory.

import assert from "node:assert/strict";
import { Api } from "./api.ts";
import { Cache } from "./cache.ts";
import { Controller, done } from "./controller.ts";
import { jsonLogger } from "./log.ts";
import { Program } from "./program.ts";
import { qualifiedName, resource } from "./resource.ts";
import { ServedKinds } from "./served.ts";
import { FaultClient } from "./testing/fault_client.ts";
import { failWith } from "./testing/faults.ts";
import { MemoryApi } from "./testing/memory_api.ts";
import { busy, failure } from "./testing/statuses.ts";
import { type Thing, things } from "./testing/things.ts";
import { VirtualClock } from "./testing/virtual_clock.ts";

const HOUR = 3_600_000;
const optional = resource<Thing>({ ...things, kind: "Extra", plural: "extras" });
const DEFINITION = `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${
  qualifiedName(optional)
}`;
const path = (plural: string, name: string) =>
  `/apis/test.example/v1/namespaces/default/${plural}/${name}`;

/** A program that looks at things, and at extras where there are any. */
class Run {
  readonly clock = new VirtualClock();
  readonly server = new MemoryApi(this.clock);
  readonly client = new FaultClient(this.server);
  readonly kinds = new ServedKinds(this.clock);
  readonly extras = new Cache<Thing>();
  readonly lines: { level: string; msg: string }[] = [];
  /** Whether extras were served, and how many there were, at each look at the one thing. */
  readonly looks: string[] = [];
  readonly program: Program;
  /** Whether the server has the kind; its definition is another matter. */
  serves = true;
  /** What it says while it does not. */
  says = failure(404);
  readonly #abort = new AbortController();
  readonly #running: Promise<void>;

  constructor() {
    const { clock, client, kinds, extras } = this;
    this.server.put(path("things", "a"), { spec: {} });
    client.add({
      when: ({ path }) => path.endsWith("/extras") && !this.serves,
      then: (call) => failWith(this.says)(call),
      times: Infinity,
    });
    const primary = { resource: things, cache: new Cache<Thing>(), use: "watch" } as const;
    const tracked = { resource: optional, cache: extras, use: "apply" } as const;
    const timing = {
      clock,
      random: () => 0.5,
      log: jsonLogger((l) => this.lines.push(JSON.parse(l))),
    };
    const controller = new Controller<Thing>({
      ...{ name: "thing", primary, owned: [tracked], ...timing },
      related: [kinds.related(optional, () => primary.cache.keys())],
      reconcile: () => {
        this.looks.push(`${kinds.isServed(optional) ? "served" : "not served"} ${extras.size}`);
        return Promise.resolve(done);
      },
    });
    this.program = new Program({
      ...{ api: new Api(client, clock), ...timing, controllers: [controller] },
      watched: [{ tracked: primary }, { tracked, whileServed: kinds }],
    });
    this.#running = this.program.run(this.#abort.signal);
  }

  define(content: Record<string, unknown> = {}) {
    return this.server.put(DEFINITION, content);
  }

  /** How many requests there were for extras since the last time it was asked. */
  requests(): number {
    const all = this.client.requests.filter(({ path }) => path.endsWith("/extras")).length;
    const fresh = all - this.#counted;
    this.#counted = all;
    return fresh;
  }
  #counted = 0;

  get errors(): string[] {
    return this.lines.filter(({ level }) => level === "error").map(({ msg }) => msg);
  }

  /** Ends the program, which must leave no timer behind. */
  async stop(): Promise<void> {
    this.#abort.abort();
    await this.clock.runUntil(this.#running);
    assert.equal(this.clock.pending, 0);
  }
}

Deno.test("Program does not ask for a kind that is not defined, nor wait for it", async () => {
  const run = new Run();
  run.server.put(DEFINITION.replace("extras", "others"), {});
  await run.clock.advance(HOUR);
  assert.equal(run.requests(), 0);
  assert.deepEqual([run.program.isSynced, run.looks], [true, ["not served 0"]]);
  const definitions = run.client.requests.filter(({ path }) => path.includes("definitions"));
  assert.ok(definitions.length > 0 && definitions.length < 30, "one watch");
  for (const { options } of definitions) assert.match(options.accept ?? "", /PartialObjectMeta/);
  await run.stop();
});

for (const says of [failure(404), busy(429, 1)]) {
  const answer = `${says.code} at first`;
  Deno.test(`Program watches a kind that is defined later and served after a ${answer}`, async () => {
    const run = new Run();
    run.says = says;
    run.serves = false;
    await run.clock.advance(HOUR);
    run.define();
    await run.clock.advance(1_000);
    assert.deepEqual(run.looks, ["not served 0"]);
    run.serves = true;
    run.server.put(path("extras", "x"), {});
    await run.clock.advance(5_000);
    assert.deepEqual(run.looks, ["not served 0", "served 1"]);
    assert.deepEqual(run.errors, []);
    await run.stop();
  });
}

Deno.test("Program says so when it may not watch a kind that a cluster need not have", async () => {
  const run = new Run();
  run.serves = false;
  run.says = failure(403);
  run.define();
  await run.clock.advance(HOUR);
  assert.match(run.errors.join(), /^not allowed to list and watch extras.test.example[^,]*; apply/);
  assert.equal(run.errors.length, 1);
  assert.equal(run.program.isSynced, true);
  await run.stop();
});

Deno.test("Program empties the cache of a kind that is no longer defined, and is silent about it", async () => {
  const run = new Run();
  run.define();
  run.server.put(path("extras", "x"), {});
  await run.clock.advance(HOUR);
  assert.equal(run.looks.at(-1), "served 1");
  // The server ends the watches of a kind before it tells that the definition is gone.
  run.serves = false;
  run.client.endStreams(({ path }) => path.endsWith("/extras"));
  await run.clock.advance(1_000);
  run.server.remove(DEFINITION);
  await run.clock.advance(1_000);
  assert.equal(run.looks.at(-1), "not served 0");
  assert.equal(run.extras.isSynced, false);
  run.requests();
  await run.clock.advance(HOUR);
  assert.equal(run.requests(), 0);
  assert.deepEqual([run.errors, run.program.isSynced], [[], true]);

  run.serves = true;
  run.define();
  await run.clock.advance(1_000);
  assert.equal(run.looks.at(-1), "served 1");
  await run.stop();
  assert.equal(run.extras.size, 1, "the end of the program says nothing of the kind");
});

for (const unseen of [false, true]) {
  const how = unseen ? "while nobody looks" : "before its eyes";
  Deno.test(`Program begins anew when a definition is replaced by its like ${how}`, async () => {
    const run = new Run();
    run.define();
    await run.clock.advance(10_000);
    run.requests();
    if (unseen) run.client.endStreams(({ path }) => path.includes("definitions"));
    run.server.remove(DEFINITION);
    run.define();
    if (unseen) run.server.compact();
    await run.clock.advance(1_000);
    assert.equal(run.requests(), 1);
    assert.equal(run.looks.at(-1), "served 0");
    await run.stop();
  });
}

Deno.test("Program leaves a kind alone that is defined but never found, until its definition changes", async () => {
  const run = new Run();
  run.serves = false;
  run.define();
  await run.clock.advance(60_000);
  assert.equal(run.requests(), 6);
  run.server.put(DEFINITION.replace("extras", "others"), {});
  await run.clock.advance(20 * 60_000);
  assert.equal(run.requests(), 0);
  run.serves = true;
  run.define({ spec: { versions: 2 } });
  await run.clock.advance(1_000);
  assert.equal(run.looks.at(-1), "served 0");
  assert.deepEqual(run.errors, []);
  await run.stop();
});

Deno.test("Program is patient again with a definition that changed while it looked", async () => {
  const run = new Run();
  run.serves = false;
  run.define();
  await run.clock.advance(5_000);
  run.define({ status: { accepted: true } });
  await run.clock.advance(60_000);
  assert.equal(run.requests(), 12);
  await run.stop();
});

Deno.test("Program looks again some day for a kind that was never found", async () => {
  const run = new Run();
  run.serves = false;
  run.define();
  await run.clock.advance(60_000);
  run.serves = true;
  await run.clock.advance(30 * 60_000);
  assert.equal(run.looks.at(-1), "served 0");
  await run.stop();
});

Deno.test("Program does not give up a kind that a starting server has not found yet", async () => {
  const run = new Run();
  run.define();
  run.server.put(path("extras", "x"), {});
  await run.clock.advance(10_000);
  const before = run.looks.length;
  run.serves = false;
  run.client.endStreams();
  await run.clock.advance(5 * 60_000);
  assert.ok(run.requests() > 6);
  assert.ok(run.kinds.isServed(optional));
  run.serves = true;
  run.server.put(path("extras", "y"), {});
  await run.clock.advance(60_000);
  assert.equal(run.extras.size, 2);
  assert.equal(run.looks.length, before);
  await run.stop();
});
