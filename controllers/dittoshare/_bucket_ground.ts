// Shares with buckets on servers, and the controller that looks at them, in virtual time.

import type { DittoServer, DittoServerInput } from "../../api/dittoserver.ts";
import type { DittoShare } from "../../api/dittoshare.ts";
import { DittofsClient } from "../../dittofs/client.ts";
import type { HttpAnswer, HttpRequest } from "../../dittofs/http.ts";
import { Cache } from "../../kube/cache.ts";
import { sleep } from "../../kube/clock.ts";
import { jsonLogger } from "../../kube/log.ts";
import { Metrics } from "../../kube/metrics.ts";
import { type Key, keyOf, type Live } from "../../kube/object.ts";
import { seededRandom, VirtualClock } from "../../kube/testing/virtual_clock.ts";
import type { Connection } from "../connections/connections.ts";
import { NotServingError } from "../connections/errors.ts";
import { testResource } from "../dittoserver/_fixture.ts";
import { readServer } from "../dittoserver/server.ts";
import { dittoShares } from "../kinds.ts";
import { BUCKET, shareResource } from "./_fixture.ts";
import { bucketController } from "./bucket_controller.ts";
import { Buckets } from "./buckets.ts";

type Health = "healthy" | "degraded" | "unhealthy" | "unknown";

/** What a bucket is like: its health, and how long the server takes to find out. */
export interface PretendBucket {
  health: Health | "gone" | "broken";
  answerMs: number;
}

/** Shares, each with a bucket of its own, until it is disposed of. */
export class BucketGround implements AsyncDisposable {
  readonly clock = new VirtualClock();
  readonly shares = new Cache<DittoShare>();
  readonly servers = new Cache<DittoServer>();
  readonly buckets: Buckets;
  /** Servers that do not run. */
  readonly down = new Set<Key>();
  /** Requests so far: when and what. */
  readonly asked: { readonly at: number; readonly what: string }[] = [];
  /** Shares that were to have a pass so far, and when. */
  readonly passes: { readonly at: number; readonly key: Key }[] = [];
  readonly #rows = new Map<string, PretendBucket>();
  readonly #controller: ReturnType<typeof bucketController>;
  #term = new AbortController();
  #running: Promise<void>;

  constructor() {
    const { clock, shares, servers } = this;
    const random = seededRandom(1);
    const connections = { open: (key: Key) => this.#open(key) };
    this.buckets = new Buckets({ shares, servers, connections, clock, random });
    this.buckets.changed.listen((key) => this.passes.push({ at: clock.now(), key }));
    const tracked = { resource: dittoShares, cache: shares, use: "watch" } as const;
    this.#controller = bucketController(tracked, this.buckets, {
      ...{ clock, random, log: jsonLogger(() => {}), metrics: new Metrics(clock, "test") },
    });
    this.#running = this.#controller.run(this.#term.signal);
  }

  /** A share whose bucket has been seen by a pass. */
  share(name: string, { server = "demo", ...bucket }: Partial<PretendBucket & { server: string }>) {
    this.server(server);
    const metadata = { name, uid: `uid-of-${name}` };
    const share = this.shares.observe(
      shareResource({ storage: BUCKET, serverRef: { name: server } }, metadata),
    );
    const row: PretendBucket = { health: "healthy", answerMs: 10, ...bucket };
    this.#rows.set(name, row);
    this.pass(share);
    return row;
  }

  /** A server as somebody writes it. */
  server(name: string, spec: Partial<DittoServerInput> = {}): void {
    const before = this.servers.get(`files/${name}`)?.metadata.resourceVersion ?? "7";
    const resource = testResource(spec);
    const resourceVersion = `${Number(before) + 1}`;
    const metadata = { ...resource.metadata, name, uid: `uid-of-${name}`, resourceVersion };
    this.servers.observe({ ...resource, metadata });
  }

  /** A pass asks for the row of a share's bucket. */
  pass(share: Live<DittoShare>): void {
    const { name } = share.metadata;
    const health = this.#rows.get(name)?.health ?? "gone";
    const status = health === "gone" || health === "broken" ? "unknown" : health;
    this.buckets.saw(share, {
      ...{ id: name, name, type: "s3", config: {} },
      status: { status, message: "", latencyMs: 1 },
    });
  }

  /** Somebody deletes a share, which stays for a while. */
  deleting(name: string): void {
    const share = this.shares.get(`files/${name}`);
    if (!share) throw new Error(`there is no share "${name}"`);
    const metadata = { ...share.metadata, resourceVersion: "99", deletionTimestamp: "now" };
    this.shares.observe({ ...share, metadata });
  }

  /** Lets time pass until a bucket is asked for the first time. */
  async untilAsked(): Promise<void> {
    for (let s = 0; this.asked.length === 0; s++) {
      if (s === 60) throw new Error("no bucket was asked for a minute");
      await this.clock.advance(1_000);
    }
  }

  /** When the bucket of a share was asked for. */
  looksAt(name: string): number[] {
    return this.asked.filter(({ what }) => what.endsWith(`/${name}/status`)).map(({ at }) => at);
  }

  /** Another copy leads for a while. */
  async loseLeadership(ms: number): Promise<void> {
    await this[Symbol.asyncDispose]();
    await this.clock.advance(ms);
    this.#term = new AbortController();
    this.#running = this.#controller.run(this.#term.signal);
    await this.clock.advance(0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#term.abort();
    await this.clock.runUntil(this.#running);
  }

  #open(key: Key): Promise<Connection> {
    const resource = this.servers.get(key);
    if (!resource || this.down.has(key)) {
      return Promise.reject(new NotServingError("NotReady", "its pod is not ready"));
    }
    const http = { send: (request: HttpRequest) => this.#answer(request), close: () => {} };
    const client = new DittofsClient({
      http,
      clock: this.clock,
      baseUrl: `http://${key.replace("/", ".")}`,
    });
    const server = readServer(resource);
    return Promise.resolve({ client, as: () => client, resource, server, podUid: "pod" });
  }

  async #answer({ method, url, signal }: HttpRequest): Promise<HttpAnswer> {
    const [, name = ""] = /\/([^/]*)\/status$/.exec(url) ?? [];
    const path = new URL(url).pathname.replace("/api/v1", "");
    this.asked.push({ at: this.clock.now(), what: `${method} ${path}` });
    const row = this.#rows.get(name);
    await sleep(this.clock, row?.answerMs ?? 0, signal);
    const headers = new Headers({ "content-type": "application/problem+json" });
    if (!row || row.health === "gone") return { status: 404, headers, text: "{}" };
    if (row.health === "broken") return { status: 500, headers, text: "" };
    return { status: 200, headers, text: JSON.stringify({ status: row.health }) };
  }
}

/** The key of a share of the ground. */
export const shareKey = (name: string): Key => keyOf({ metadata: { namespace: "files", name } });
