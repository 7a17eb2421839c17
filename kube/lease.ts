// Leader election: of several copies of a program, one works and the others stand by.
//
// The leader renews a Lease; whoever sees it unrenewed for its whole duration takes it. The
// others do not poll it: they watch it, so a clean exit (the holder is emptied) hands over at
// once. Time is only ever measured on the own clock, from when a renewal was seen, so that
// clocks which disagree do no harm.

import { unlessAborted } from "./abort.ts";
import type { Api } from "./api.ts";
import { Cache } from "./cache.ts";
import { type Clock, type Random, sleep } from "./clock.ts";
import { ApiError, ConnectionError, messageOf } from "./errors.ts";
import { microTime } from "./events.ts";
import type { Logger } from "./log.ts";
import { type KubernetesObject, type Live, makeKey } from "./object.ts";
import { resource } from "./resource.ts";
import { watch } from "./watch.ts";

/** `coordination.k8s.io/v1` Lease, as far as elections use it. */
export interface Lease extends KubernetesObject {
  readonly spec?: {
    readonly holderIdentity?: string;
    readonly leaseDurationSeconds?: number;
    readonly acquireTime?: string;
    readonly renewTime?: string;
    readonly leaseTransitions?: number;
  };
}

export const leases = resource<Lease>({
  group: "coordination.k8s.io",
  version: "v1",
  kind: "Lease",
  plural: "leases",
  namespaced: true,
});

const FIELD_MANAGER = "leader-election";

/** Who competes for which lease, and how patiently. The times are client-go's defaults. */
export interface ElectionOptions {
  readonly api: Api;
  readonly namespace: string;
  readonly name: string;
  /** Unique among the competitors, such as the pod's name and a random part. */
  readonly identity: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  /** @default 15_000 */
  readonly durationMs?: number;
  /** The leader stops working when it could not renew for this long. @default 10_000 */
  readonly renewDeadlineMs?: number;
  /** @default 2_000 */
  readonly retryMs?: number;
  /** Called when leadership is gained or lost. */
  readonly onChange?: (leading: boolean) => void;
}

/**
 * Competes until `signal` aborts. Each time the lease is held, `lead` runs with a signal that
 * aborts when it is lost; when `lead` has returned, the lease is given back.
 */
export async function elect(
  options: ElectionOptions,
  signal: AbortSignal,
  lead: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const candidate = new Candidate(options);
  const watching = candidate.watch(signal);
  while (!signal.aborted) {
    if (!(await candidate.acquire(signal))) continue;
    const term = new AbortController();
    const end = AbortSignal.any([signal, term.signal]);
    options.onChange?.(true);
    const renewing = candidate.renewUntil(end).finally(() => term.abort());
    try {
      await lead(end);
    } finally {
      term.abort();
      await renewing;
      options.onChange?.(false);
      await candidate.release();
    }
  }
  await watching;
}

class Candidate {
  readonly #options: Required<Omit<ElectionOptions, "onChange">>;
  readonly #cache: Cache<Lease>;
  /** When the present state of the lease was first seen, on our own clock. */
  #seenAt: number;
  /** The lease as it last was, if somebody deleted it. */
  #removed: Live<Lease> | undefined;
  #wake: () => void = () => {};

  constructor(options: ElectionOptions) {
    this.#options = { durationMs: 15_000, renewDeadlineMs: 10_000, retryMs: 2_000, ...options };
    this.#seenAt = options.clock.now();
    this.#cache = new Cache<Lease>();
    this.#cache.onChange(({ old, now }) => {
      this.#seenAt = options.clock.now();
      this.#removed = now ? undefined : old;
      this.#wake();
    });
    this.#cache.synced.then(() => this.#wake());
  }

  async watch(signal: AbortSignal): Promise<void> {
    const { api, namespace, name, clock, random } = this.#options;
    const fieldSelector = `metadata.name=${name}`;
    const source = { api, resource: leases, namespace, fieldSelector, clock, random };
    await this.#cache.follow(watch(source, signal));
  }

  /** One attempt after the lease has become free. True if it is ours now. */
  async acquire(signal: AbortSignal): Promise<boolean> {
    const { clock, durationMs, retryMs, log, identity, random } = this.#options;
    if (!this.#cache.isSynced) await this.#change(durationMs, signal);
    const lease = this.#lease();
    // Who held a lease that somebody has deleted finds out at its next renewal, not before.
    const { holderIdentity: holder, leaseDurationSeconds } = (lease ?? this.#removed)?.spec ?? {};
    if (holder && holder !== identity) {
      const heldMs = (leaseDurationSeconds ?? durationMs / 1000) * 1000;
      const leftMs = this.#seenAt + heldMs - clock.now();
      if (leftMs > 0) {
        await this.#change(leftMs, signal);
        return false;
      }
    }
    if (signal.aborted) return false;
    try {
      await this.#write(lease, lease?.spec?.holderIdentity === identity);
      log.info("became leader", { identity });
      return true;
    } catch (error) {
      const level = isConflict(error) ? "debug" : "error";
      log[level]("could not take the leader lease", { error: messageOf(error) });
      await sleep(clock, retryMs * (0.5 + random()), signal);
      return false;
    }
  }

  /** Renews until the signal aborts or the deadline passes. */
  async renewUntil(signal: AbortSignal): Promise<void> {
    const { clock, retryMs, renewDeadlineMs, log, identity } = this.#options;
    let renewedAt = clock.now();
    while (true) {
      await this.#change(retryMs, signal);
      if (signal.aborted) return;
      const holder = this.#lease()?.spec?.holderIdentity;
      if (holder !== undefined && holder !== identity) {
        log.error("lost the leader lease", { holder });
        return;
      }
      // Others count from when they see a renewal, which cannot be before it was sent.
      const sentAt = clock.now();
      try {
        await this.#renew(renewedAt + renewDeadlineMs - sentAt);
        renewedAt = sentAt;
      } catch (error) {
        log.error("could not renew the leader lease", { error: messageOf(error) });
        if (clock.now() - renewedAt >= renewDeadlineMs) return;
      }
    }
  }

  /** One renewal. A server that never answers must not keep us in office. */
  async #renew(withinMs: number): Promise<void> {
    const given = new AbortController();
    using _limit = this.#options.clock.timer(withinMs, () => {
      given.abort(new ConnectionError("the leader lease ran out during its renewal"));
    });
    await unlessAborted(this.#write(this.#lease(), true), given.signal);
  }

  /** Empties the lease, if it is still ours, so that another need not wait for its end. */
  async release(): Promise<void> {
    const { log, identity } = this.#options;
    const lease = this.#lease();
    if (lease?.spec?.holderIdentity !== identity) return;
    try {
      await this.#write(lease, true, "");
      log.info("released the leader lease", { identity });
    } catch (error) {
      log.error("could not release the leader lease", { error: messageOf(error) });
    }
  }

  #lease(): Live<Lease> | undefined {
    const { namespace, name } = this.#options;
    return this.#cache.get(makeKey(namespace, name));
  }

  async #write(lease: Live<Lease> | undefined, renewal: boolean, holder?: string): Promise<void> {
    const { api, namespace, name, identity, clock, durationMs } = this.#options;
    const now = microTime(clock.now());
    const spec = {
      holderIdentity: holder ?? identity,
      leaseDurationSeconds: holder === "" ? 1 : durationMs / 1000,
      renewTime: now,
      ...(!renewal && {
        acquireTime: now,
        leaseTransitions: (lease?.spec?.leaseTransitions ?? -1) + 1,
      }),
    };
    if (!lease) {
      const object = {
        apiVersion: "coordination.k8s.io/v1",
        kind: "Lease",
        metadata: { namespace, name },
        spec,
      };
      this.#cache.observe(await api.create(leases, object, FIELD_MANAGER));
      return;
    }
    const { resourceVersion } = lease.metadata;
    const at = { namespace, name };
    const patch = { metadata: { resourceVersion }, spec };
    this.#cache.observe(await api.mergePatch(leases, at, patch, FIELD_MANAGER));
  }

  /** Resolves when the lease changes, or after so long. */
  #change(ms: number, signal: AbortSignal): Promise<void> {
    const early = new AbortController();
    this.#wake = () => early.abort();
    return sleep(this.#options.clock, ms, AbortSignal.any([signal, early.signal]));
  }
}

function isConflict(error: unknown): boolean {
  return error instanceof ApiError && error.httpCode === 409;
}
