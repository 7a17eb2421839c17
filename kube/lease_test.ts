// Elections between copies of a program, in virtual time, at one API server in memory.

import assert from "node:assert/strict";
import { Api } from "./api.ts";
import type { Clock } from "./clock.ts";
import { elect } from "./lease.ts";
import { jsonLogger } from "./log.ts";
import { failWith, goSilent, loseAnswer, refuse } from "./testing/faults.ts";
import { type Fault, FaultClient, type SeenRequest } from "./testing/fault_client.ts";
import { MemoryApi } from "./testing/memory_api.ts";
import { failure } from "./testing/statuses.ts";
import { seededRandom, VirtualClock } from "./testing/virtual_clock.ts";

const PATH = "/apis/coordination.k8s.io/v1/namespaces/system/leases/operator";
const isWrite = ({ write }: SeenRequest) => write > 0;

/** Several candidates for one lease, of which never two may lead. */
class Contest {
  readonly clock = new VirtualClock();
  readonly server = new MemoryApi(this.clock);
  readonly log: string[] = [];
  /** Who leads now. */
  leader = "";
  readonly logger = jsonLogger((line) => this.log.push(line), "debug");

  get lease() {
    return this.server.read(PATH)?.spec as Record<string, unknown> | undefined;
  }
}

/** One copy of the program. */
class Candidate {
  readonly client: FaultClient;
  readonly #abort = new AbortController();
  readonly #done: Promise<void>;
  /** When it began and when it ceased to lead, in turn. */
  readonly turns: number[] = [];

  constructor(
    readonly name: string,
    readonly contest: Contest,
    clock: Clock = contest.clock,
  ) {
    this.client = new FaultClient(contest.server);
    const options = {
      api: new Api(this.client, clock),
      clock,
      random: seededRandom(name.length),
      log: contest.logger,
      namespace: "system",
      name: "operator",
      identity: name,
    };
    this.#done = elect(options, this.#abort.signal, (term) => this.#lead(term));
  }

  /** From now on each of its writes is struck. */
  strike(fault: Fault): Disposable {
    return this.client.add({ when: isWrite, then: fault, times: Infinity });
  }

  /** Ends in good order. */
  async stop(): Promise<void> {
    this.#abort.abort();
    await this.contest.clock.runUntil(this.#done);
  }

  #lead(term: AbortSignal): Promise<void> {
    const { contest, name } = this;
    assert.equal(contest.leader, "", `${name} leads beside ${contest.leader}`);
    contest.leader = name;
    this.turns.push(contest.clock.now());
    return new Promise((resolve) => {
      const end = () => {
        contest.leader = "";
        this.turns.push(contest.clock.now());
        resolve();
      };
      if (term.aborted) end();
      else term.addEventListener("abort", end, { once: true });
    });
  }
}

/** A contest in which `a` leads, and `b` waits. */
async function twoCandidates() {
  const contest = new Contest();
  const a = new Candidate("a", contest);
  await contest.clock.advance(100);
  const b = new Candidate("b", contest);
  await contest.clock.advance(30_000);
  assert.equal(contest.leader, "a");
  return { contest, clock: contest.clock, a, b };
}

Deno.test("elect() lets the first candidate lead, and no other while it renews", async () => {
  const { contest, clock, a, b } = await twoCandidates();
  await clock.advance(600_000);
  assert.equal(contest.leader, "a");
  assert.equal(a.turns.length, 1);
  assert.deepEqual(b.turns, []);
  assert.deepEqual(
    { ...contest.lease, acquireTime: undefined, renewTime: undefined },
    {
      holderIdentity: "a",
      leaseDurationSeconds: 15,
      leaseTransitions: 0,
      acquireTime: undefined,
      renewTime: undefined,
    },
  );
  await a.stop();
  await b.stop();
});

Deno.test("elect() watches the lease as a standby, and asks for nothing else", async () => {
  const { clock, a, b } = await twoCandidates();
  const before = b.client.requests.length;
  await clock.advance(3_600_000);
  const since = b.client.requests.slice(before);
  assert.ok(since.every(({ isWatch }) => isWatch));
  assert.ok(since.length <= 3_600 / 150);
  await a.stop();
  await b.stop();
});

Deno.test("elect() decides between candidates that come at the same moment", async () => {
  const contest = new Contest();
  const all = ["a", "bb", "ccc"].map((name) => new Candidate(name, contest));
  await contest.clock.advance(60_000);
  assert.equal(all.flatMap(({ turns }) => turns).length, 1);
  for (const candidate of all) await candidate.stop();
});

Deno.test("elect() hands over at once when the leader ends in good order", async () => {
  const { contest, clock, a, b } = await twoCandidates();
  const ended = clock.now();
  await a.stop();
  await clock.settle();
  assert.equal(clock.now(), ended);
  assert.equal(contest.leader, "b");
  assert.equal(contest.lease?.holderIdentity, "b");
  assert.equal(contest.lease?.leaseTransitions, 1);
  await b.stop();
  assert.equal(contest.lease?.holderIdentity, "");
});

Deno.test("elect() replaces a dead leader when its lease has run out, not before", async () => {
  const { contest, clock, a, b } = await twoCandidates();
  a.strike(() => new Promise(() => {}));
  contest.leader = "";
  const died = clock.now();
  await clock.advance(12_900);
  assert.deepEqual(b.turns, []);
  await clock.advance(4_100);
  assert.equal(contest.leader, "b");
  const tookMs = (b.turns[0] ?? 0) - died;
  assert.ok(tookMs >= 13_000 && tookMs <= 17_000, `${tookMs} ms`);
  await b.stop();
});

Deno.test("elect() measures a lease on its own clock: one that goes wrong steals nothing", async () => {
  for (const skewMs of [3_600_000, -3_600_000]) {
    const { contest, clock, a, b } = await twoCandidates();
    const skewed: Clock = {
      now: () => clock.now() + skewMs,
      timer: (ms, callback) => clock.timer(ms, callback),
    };
    const c = new Candidate("ccc", contest, skewed);
    await clock.advance(120_000);
    assert.equal(contest.leader, "a");
    assert.deepEqual(c.turns, []);
    for (const candidate of [a, b, c]) await candidate.stop();
  }
});

Deno.test("elect() ends the term when somebody else holds the lease", async () => {
  const { contest, clock, a, b } = await twoCandidates();
  contest.server.put(PATH, { spec: { holderIdentity: "somebody", leaseDurationSeconds: 15 } });
  await clock.advance(2_000);
  assert.equal(contest.leader, "");
  assert.equal(a.turns.length, 2);
  assert.equal(contest.lease?.holderIdentity, "somebody", "and does not empty it");
  await clock.advance(17_000);
  assert.notEqual(contest.leader, "", "somebody never renewed it");
  await a.stop();
  await b.stop();
});

Deno.test("elect() ends the term before the lease runs out when it cannot be renewed", async () => {
  const faults: Record<string, Fault> = {
    "nothing can be reached": refuse,
    "the server fails": failWith(failure(500)),
    "the server never answers": goSilent(),
  };
  for (const [what, fault] of Object.entries(faults)) {
    const { contest, clock, a, b } = await twoCandidates();
    const began = clock.now();
    a.strike(fault);
    await clock.advance(12_500);
    assert.equal(a.turns.length, 2, what);
    const heldMs = (a.turns[1] ?? 0) - began;
    assert.ok(heldMs >= 8_000 && heldMs <= 12_000, `${what}: ${heldMs} ms`);
    assert.deepEqual(b.turns, []);
    await clock.advance(6_000);
    assert.equal(contest.leader, "b", what);
    await a.stop();
    await b.stop();
  }
});

Deno.test("elect() goes on leading through a short outage and lost answers", async () => {
  const { contest, clock, a, b } = await twoCandidates();
  for (const fault of [refuse, loseAnswer, failWith(failure(503))]) {
    {
      using _outage = a.strike(fault);
      await clock.advance(7_000);
    }
    await clock.advance(10_000);
    assert.equal(contest.leader, "a");
  }
  assert.equal(a.turns.length, 1);
  await a.stop();
  await b.stop();
});

Deno.test("elect() lets nobody follow at once on a deleted lease, in case its holder has not heard", async () => {
  const { contest, clock, a, b } = await twoCandidates();
  using _deaf = a.client.add({ when: ({ isWatch }) => isWatch, then: goSilent(), times: Infinity });
  a.client.endStreams();
  contest.server.remove(PATH);
  await clock.advance(20_000);
  assert.equal(a.turns.length, 2);
  assert.equal(contest.leader, "b");
  await a.stop();
  await b.stop();
});

Deno.test("elect() leaves a standby with no more timers than it needs", async () => {
  const { clock, a, b } = await twoCandidates();
  await clock.advance(60_000);
  // Of each its watch, on both sides; the next renewal of one, the end of the lease for the other.
  assert.ok(clock.pending <= 6, `${clock.pending} timers`);
  await a.stop();
  await b.stop();
});

Deno.test("elect() gives the lease back when the work of the leader fails", async () => {
  const contest = new Contest();
  const failing = elect(
    {
      ...{ api: new Api(contest.server, contest.clock), clock: contest.clock, log: contest.logger },
      ...{ namespace: "system", name: "operator", identity: "x", random: () => 0.5 },
    },
    new AbortController().signal,
    () => Promise.reject(new Error("our own mistake")),
  );
  await assert.rejects(contest.clock.runUntil(failing), /our own mistake/);
  assert.equal(contest.lease?.holderIdentity, "");
});

Deno.test("elect() waits for an API server that is not there yet", async () => {
  const contest = new Contest();
  const a = new Candidate("a", contest);
  {
    using _outage = a.client.add({ when: () => true, then: goSilent(), times: Infinity });
    await contest.clock.advance(60_000);
    assert.equal(contest.leader, "");
  }
  await contest.clock.advance(300_000);
  assert.equal(contest.leader, "a");
  await a.stop();
});
