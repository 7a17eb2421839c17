// Metrics for Prometheus.
//
// What controller-runtime measures too has the same name, labels and unit here, so that
// dashboards and alerts made for it work unchanged. What only we measure begins with `prefix`.

import { Counter, Gauge, Histogram, Registry } from "./prom_client.ts";
import type { Clock } from "./clock.ts";
import type { ControllerObserver } from "./controller.ts";
import type { Queue } from "./queue.ts";
import type { WatchObserver } from "./watch.ts";

/** Bounds of controller-runtime's reconcile times, in seconds. */
const RECONCILE_SECONDS = [
  ...[0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6, 0.7, 0.8],
  ...[0.9, 1, 1.25, 1.5, 1.75, 2, 2.5, 3, 3.5, 4, 4.5, 5, 6, 7, 8, 9, 10, 15, 20, 25, 30, 40, 50],
  60,
];
/** Bounds of client-go's queue times, in seconds. */
const QUEUE_SECONDS = [1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1, 10, 100, 1000];
const REQUEST_SECONDS = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60];
const LAG_SECONDS = [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5];

/** How often the lag of the event loop is measured, in milliseconds. */
const LAG_EVERY_MS = 100;

/** All metrics of one program, and the observers that feed them. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #clock: Clock;
  readonly #prefix: string;
  /** When each watch last heard anything. */
  readonly #heard = new Map<string, { at: number }>();

  readonly #reconciles = this.#counter(
    "controller_runtime_reconcile_total",
    "Reconciles by result",
    "controller",
    "result",
  );
  readonly #errors = this.#counter(
    "controller_runtime_reconcile_errors_total",
    "Reconciles that failed",
    "controller",
  );
  readonly #terminal = this.#counter(
    "controller_runtime_terminal_reconcile_errors_total",
    "Reconciles that failed and are of no use to try again",
    "controller",
  );
  readonly #panics = this.#counter(
    "controller_runtime_reconcile_panics_total",
    "Reconciles that failed because of a bug",
    "controller",
  );
  readonly #times = this.#histogram(
    "controller_runtime_reconcile_time_seconds",
    "Time per reconcile",
    RECONCILE_SECONDS,
    "controller",
  );
  readonly #active = this.#gauge(
    "controller_runtime_active_workers",
    "Workers with work in hand",
    "controller",
  );
  readonly #workers = this.#gauge(
    "controller_runtime_max_concurrent_reconciles",
    "Workers",
    "controller",
  );
  readonly #adds = this.#counter(
    "workqueue_adds_total",
    "Keys put into the queue",
    "name",
    "controller",
  );
  readonly #retries = this.#counter(
    "workqueue_retries_total",
    "Keys put back after a failure",
    "name",
    "controller",
  );
  readonly #queued = this.#histogram(
    "workqueue_queue_duration_seconds",
    "Time that a key waited",
    QUEUE_SECONDS,
    "name",
    "controller",
  );
  readonly #worked = this.#histogram(
    "workqueue_work_duration_seconds",
    "Time that a key was worked on",
    QUEUE_SECONDS,
    "name",
    "controller",
  );
  readonly #requests = this.#counter(
    "rest_client_requests_total",
    "Requests to the API server",
    "code",
    "method",
    "host",
  );
  readonly #latency = this.#histogram(
    "rest_client_request_duration_seconds",
    "Time until the answer to a request",
    REQUEST_SECONDS,
    "verb",
    "host",
  );
  readonly #leading = this.#gauge(
    "leader_election_master_status",
    "1 while this copy is the leader",
    "name",
  );
  readonly #queues = new Map<string, Queue<string>>();
  readonly #relists: Counter;
  readonly #failures: Counter;
  readonly #missed: Counter;
  readonly #lag: Histogram;

  constructor(clock: Clock, prefix: string) {
    this.#clock = clock;
    this.#prefix = prefix;
    this.#relists = this.#counter(
      `${prefix}_relists_total`,
      "Times that the whole state was fetched again",
      "resource",
    );
    this.#failures = this.#counter(
      `${prefix}_watch_failures_total`,
      "Connections of a watch that failed",
      "resource",
    );
    this.#missed = this.#counter(
      `${prefix}_missed_work_total`,
      "Times that the slow re-check found something to write, which a watch should have told",
      "controller",
    );
    this.#lag = this.#histogram(
      `${prefix}_event_loop_lag_seconds`,
      "How late timers run",
      LAG_SECONDS,
    );
  }

  /** A counter of what a program measures besides, by one label: `PREFIX_name`. */
  counter(name: string, help: string, label: string): (value: string) => void {
    const counter = this.#counter(`${this.#prefix}_${name}`, help, label);
    return (value) => counter.inc({ [label]: value });
  }

  /** The exposition in Prometheus' text format. */
  text(): Promise<string> {
    return this.#registry.metrics();
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  /** Feeds what a controller and its queue do. */
  controller(controller: string, workers: number): ControllerObserver {
    const queue = { name: controller, controller };
    this.#workers.set({ controller }, workers);
    this.#active.set({ controller }, 0);
    return {
      added: () => this.#adds.inc(queue),
      retried: () => this.#retries.inc(queue),
      taken: (ms) => {
        this.#queued.observe(queue, ms / 1000);
        this.#active.inc({ controller });
      },
      done: (ms) => {
        this.#worked.observe(queue, ms / 1000);
        this.#active.dec({ controller });
      },
      missed: () => this.#missed.inc({ controller }),
      reconciled: (result, ms, failure) => {
        this.#reconciles.inc({ controller, result });
        this.#times.observe({ controller }, ms / 1000);
        if (!failure) return;
        this.#errors.inc({ controller });
        if (failure === "invalid" || failure === "forbidden") this.#terminal.inc({ controller });
        if (failure === "bug") this.#panics.inc({ controller });
      },
    };
  }

  /** Reads the state of a controller's queue at each scrape. */
  queue(controller: string, queue: Queue<string>): void {
    if (this.#queues.size === 0) this.#readQueues();
    this.#queues.set(controller, queue);
  }

  #readQueues(): void {
    const queues = this.#queues;
    const gauge = (name: string, help: string, read: (queue: Queue<string>) => number) =>
      new Gauge({
        ...{ name, help, labelNames: ["name", "controller"], registers: [this.#registry] },
        collect() {
          for (const [controller, queue] of queues) {
            this.set({ name: controller, controller }, read(queue));
          }
        },
      });
    gauge("workqueue_depth", "Keys that wait", ({ depth }) => depth);
    gauge(
      "workqueue_unfinished_work_seconds",
      "Time of work in hand, added up",
      ({ unfinishedMs }) => unfinishedMs / 1000,
    );
    gauge(
      "workqueue_longest_running_processor_seconds",
      "Time of the longest work in hand",
      ({ longestRunningMs }) => longestRunningMs / 1000,
    );
  }

  /**
   * Feeds what the watch of one kind does, and measures how long it has heard nothing; until the
   * signal aborts, for then it does not listen.
   */
  watch(resource: string, signal: AbortSignal): WatchObserver {
    const heard = { at: this.#clock.now() };
    this.#heard.set(resource, heard);
    signal.addEventListener("abort", () => this.#heard.delete(resource), { once: true });
    return {
      failed: () => this.#failures.inc({ resource }),
      syncing: (again) => again && this.#relists.inc({ resource }),
      heard: () => (heard.at = this.#clock.now()),
    };
  }

  /** Measures silence of watches and the lag of the event loop until the signal aborts. */
  sample(signal: AbortSignal): void {
    const clock = this.#clock;
    const heard = this.#heard;
    new Gauge({
      name: `${this.#prefix}_watch_idle_seconds`,
      help: "Time since a watch heard anything from the API server; at most 205 by construction",
      labelNames: ["resource"],
      registers: [this.#registry],
      collect() {
        this.reset();
        for (const [resource, { at }] of heard) this.set({ resource }, (clock.now() - at) / 1000);
      },
    });
    const tick = (due: number) => {
      if (signal.aborted) return;
      this.#lag.observe(Math.max(0, clock.now() - due) / 1000);
      const next = clock.now() + LAG_EVERY_MS;
      clock.timer(LAG_EVERY_MS, () => tick(next));
    };
    tick(clock.now());
  }

  /** One request to the API server and its answer; code 0 if there was none. */
  request(host: string, method: string, code: number, ms: number): void {
    this.#requests.inc({ method, host, code: code === 0 ? "<error>" : String(code) });
    this.#latency.observe({ verb: method, host }, ms / 1000);
  }

  /** Whether this copy leads. */
  leading(name: string, leads: boolean): void {
    this.#leading.set({ name }, leads ? 1 : 0);
  }

  #counter(name: string, help: string, ...labelNames: string[]): Counter {
    return new Counter({ name, help, labelNames, registers: [this.#registry] });
  }

  #gauge(name: string, help: string, ...labelNames: string[]): Gauge {
    return new Gauge({ name, help, labelNames, registers: [this.#registry] });
  }

  #histogram(name: string, help: string, buckets: number[], ...labelNames: string[]): Histogram {
    return new Histogram({ name, help, buckets, labelNames, registers: [this.#registry] });
  }
}
