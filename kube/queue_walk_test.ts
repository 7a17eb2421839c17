// Random walks of the queue against a model that is too simple to be wrong, and against what a
// controller lives by: no two workers on one key, nothing lost, nothing piled up.

import assert from "node:assert/strict";
import { type Lane, Queue } from "./queue.ts";
import { seededRandom, VirtualClock } from "./testing/virtual_clock.ts";

/** The queue as a list that is searched. */
class Model {
  readonly waiting: { key: string; lane: Lane }[] = [];
  readonly again = new Map<string, Lane>();
  readonly held = new Set<string>();
  taken = 0;

  add(key: string, lane: Lane): void {
    if (this.held.has(key)) {
      this.again.set(key, this.again.get(key) === "user" ? "user" : lane);
      return;
    }
    const at = this.waiting.findIndex((entry) => entry.key === key);
    if (at >= 0 && (lane === "background" || this.waiting[at]?.lane === "user")) return;
    if (at >= 0) this.waiting.splice(at, 1);
    this.waiting.push({ key, lane });
  }

  take(): string | undefined {
    const slowTurn = this.taken % 8 === 7;
    const order: Lane[] = slowTurn ? ["background", "user"] : ["user", "background"];
    for (const lane of order) {
      const at = this.waiting.findIndex((entry) => entry.lane === lane);
      if (at < 0) continue;
      const [{ key } = { key: "" }] = this.waiting.splice(at, 1);
      this.taken++;
      this.held.add(key);
      return key;
    }
    return undefined;
  }

  done(key: string): void {
    this.held.delete(key);
    const lane = this.again.get(key);
    this.again.delete(key);
    if (lane) this.add(key, lane);
  }
}

const KEYS = ["a", "b", "c", "d", "e", "f", "g", "h"];

/** One walk of a queue with workers that end their work when the walk says so. */
class Walk {
  readonly #clock = new VirtualClock(0);
  readonly #queue = new Queue<string>(this.#clock, { firstRetryMs: 10, maxRetryMs: 500 });
  readonly #model = new Model();
  readonly #random;
  readonly #held: string[] = [];
  readonly #stop = new AbortController();
  /** For each key, when it was last asked for and last taken, in steps. */
  readonly #asked = new Map<string, number>();
  readonly #seen = new Map<string, number>();
  readonly #planned = new Map<string, number>();
  #idle = 0;
  #step = 0;

  constructor(seed: number) {
    this.#random = seededRandom(seed);
  }

  async run(steps: number): Promise<void> {
    for (this.#step = 1; this.#step <= steps; this.#step++) await this.#one();
    // The end: everything is worked off, and then nothing is left.
    while (this.#held.length > 0 || this.#model.waiting.length > 0 || this.#clock.pending > 0) {
      this.#step++;
      if (this.#idle === 0) this.#employ();
      else if (this.#held.length > 0) this.#end(this.#held[0] ?? "");
      else await this.#wait(500);
      await this.#check();
    }
    for (const [key, step] of this.#asked) {
      assert.ok((this.#seen.get(key) ?? 0) >= step, `the last look at ${key} was lost`);
    }
    this.#stop.abort();
  }

  async #one(): Promise<void> {
    const key = this.#pick(KEYS);
    const dice = this.#random();
    if (dice < 0.4) this.#add(key, this.#random() < 0.3 ? "user" : "background");
    else if (dice < 0.6 && this.#idle < 3) this.#employ();
    else if (dice < 0.8 && this.#held.length > 0) this.#end(this.#pick(this.#held));
    else if (dice < 0.9) this.#plan(key, Math.floor(this.#random() * 50));
    else await this.#wait(Math.floor(this.#random() * 30));
    await this.#check();
  }

  #add(key: string, lane: Lane): void {
    this.#asked.set(key, this.#step);
    this.#model.add(key, lane);
    this.#queue.add(key, lane);
    this.#handModel();
  }

  #plan(key: string, ms: number): void {
    const at = this.#clock.now() + ms;
    this.#planned.set(key, Math.min(this.#planned.get(key) ?? Infinity, at));
    this.#queue.addAfter(key, ms);
  }

  async #wait(ms: number): Promise<void> {
    const end = this.#clock.now() + ms;
    const due = [...this.#planned].filter(([, at]) => at <= end).sort(([, a], [, b]) => a - b);
    for (const [key] of due) {
      this.#planned.delete(key);
      this.#asked.set(key, this.#step);
      this.#model.add(key, "background");
      this.#handModel();
    }
    await this.#clock.advance(ms);
  }

  /** A worker comes free. */
  #employ(): void {
    this.#idle++;
    this.#queue.take(this.#stop.signal).then((key) => {
      if (key === undefined) return;
      assert.ok(!this.#held.includes(key), `two workers hold ${key}`);
      this.#held.push(key);
      this.#seen.set(key, this.#step);
    });
    this.#handModel();
  }

  #end(key: string): void {
    this.#held.splice(this.#held.indexOf(key), 1);
    this.#model.done(key);
    this.#queue.done(key);
    this.#handModel();
  }

  #handModel(): void {
    while (this.#idle > 0 && this.#model.take() !== undefined) this.#idle--;
  }

  async #check(): Promise<void> {
    await this.#clock.settle();
    assert.deepEqual(this.#held.toSorted(), [...this.#model.held].toSorted());
    assert.equal(this.#queue.depth, this.#model.waiting.length);
    assert.ok(this.#queue.depth <= KEYS.length, "keys pile up");
  }

  #pick<V>(values: readonly V[]): V {
    return values[Math.floor(this.#random() * values.length)] as V;
  }
}

for (const seed of [1, 2, 3, 4, 5]) {
  Deno.test(`Queue agrees with a simple model on random walk ${seed} (W40)`, async () => {
    await new Walk(seed).run(3_000);
  });
}
