// Whether the buckets of shares still answer, asked often enough to be told within a minute.
//
// A server has no watch, and it goes on calling a share healthy whose bucket is gone. The slow
// check of a server is minutes apart, as it looks at everything; a look here is one request, for
// the status of one bucket. Only when the answer is another one than last time does the share get
// a whole pass, which says so and does what follows from it.
//
// Each look has a worker to itself (bucket_controller.ts), for an answer about a dead bucket takes
// five seconds and must not delay the others.

import type { DittoShare } from "../../api/dittoshare.ts";
import type { Store } from "../../dittofs/stores.ts";
import type { Cache } from "../../kube/cache.ts";
import type { Clock, Random } from "../../kube/clock.ts";
import { done, type Outcome } from "../../kube/controller.ts";
import { type Key, keyOf, type Live } from "../../kube/object.ts";
import { Signal } from "../../kube/signal.ts";
import { reach, type Reaching } from "../rest/reach.ts";
import { isReachable } from "./stores.ts";

/**
 * The longest time between two looks at a bucket, in milliseconds. With two answers of five
 * seconds, one to the look and one to the pass that follows, it stays below a minute.
 */
export const LOOK_AT_MOST_MS = 45_000;

/** How much earlier a look may come, as a part of that, so that not all come at one time. */
const JITTER = 0.15;

/** The shortest time between looks, just after a bucket was lost. */
const LOOK_AT_LEAST_MS = 1_000;

/** How long the server has for the answer, in milliseconds. It takes five seconds if need be. */
const ANSWER_MS = 10_000;

/** What looking at buckets needs. */
export interface BucketsOptions extends Reaching {
  readonly shares: Pick<Cache<DittoShare>, "get">;
  readonly clock: Clock;
  readonly random: Random;
}

/** What is known of the bucket of a share. */
interface Seen {
  /** The row of the server through which it is seen. */
  readonly store: string;
  readonly answers: boolean;
  /** Since when it does or does not. */
  readonly since: number;
  readonly nextAt: number;
}

/** The buckets of all shares. What it knows is in memory: the first pass of a share tells it. */
export class Buckets {
  readonly #options: BucketsOptions;
  readonly #seen = new Map<Key, Seen>();
  /** Tells of each share whose bucket is to be looked at from now on, or later than was planned. */
  readonly planned = new Signal();
  /** Tells of each share whose bucket answers now and did not, or the other way round. */
  readonly changed = new Signal();

  constructor(options: BucketsOptions) {
    this.#options = options;
  }

  /** A pass has asked for the row of a share's bucket just now. */
  saw(share: Live<DittoShare>, store: Store): void {
    const key = keyOf(share);
    this.#note(key, store.name, isReachable(store));
    this.planned.tell(key, "background");
  }

  /** Looks at the bucket of a share if it is time to. */
  async look(key: Key): Promise<Outcome> {
    const seen = this.#seen.get(key);
    const share = this.#options.shares.get(key);
    if (!seen || !share || share.metadata.deletionTimestamp) {
      this.#seen.delete(key);
      return done;
    }
    if (seen.nextAt > this.#options.clock.now()) return this.#wait(seen);
    const answers = await this.#ask(share, seen);
    // A pass has asked meanwhile, and knows better.
    const now = this.#seen.get(key);
    if (now !== seen) return now ? this.#wait(now) : done;
    const noted = this.#note(key, seen.store, answers ?? seen.answers);
    if (noted.answers !== seen.answers) this.changed.tell(key, "background");
    return this.#wait(noted);
  }

  /** Whether a bucket answers; undefined if its server cannot be asked, which others tell. */
  async #ask(share: Live<DittoShare>, { store }: Seen): Promise<boolean | undefined> {
    const reached = await reach(this.#options, share);
    if ("problem" in reached) return undefined;
    const { remoteStores } = reached.connection.client;
    try {
      const status = await remoteStores.status(store, { timeoutMs: ANSWER_MS });
      return status !== undefined && isReachable({ status });
    } catch {
      // Whatever it is, the pass meets it too and says it.
      return false;
    }
  }

  #note(key: Key, store: string, answers: boolean): Seen {
    const { clock, random } = this.#options;
    const now = clock.now();
    const before = this.#seen.get(key);
    const since = before?.answers === answers && before.store === store ? before.since : now;
    // One that was lost just now is often back soon.
    const soon = Math.max(LOOK_AT_LEAST_MS, (now - since) / 2);
    const longest = answers ? LOOK_AT_MOST_MS : Math.min(soon, LOOK_AT_MOST_MS);
    const nextAt = now + longest * (1 - JITTER * random());
    const seen: Seen = { store, answers, since, nextAt };
    this.#seen.set(key, seen);
    return seen;
  }

  #wait({ nextAt }: Seen): Outcome {
    const afterMs = Math.ceil(Math.max(0, nextAt - this.#options.clock.now()));
    return { result: "wait", afterMs, reason: "its bucket is looked at again" };
  }
}
