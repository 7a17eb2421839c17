// The limit of the machine: how fast can a bare client create objects and make first applies?
// It shares the cores with etcd and the API server as the operator does, and it uses the
// operator's own transport, so what the operator is slower by is its own doing.

import type { ConfigMap } from "../api/kubernetes/types.ts";
import { configMaps } from "../controllers/kinds.ts";
import { atOnce, range } from "./at_once.ts";
import { BENCH, type Ground } from "./ground.ts";
import { cpuOf } from "./proc.ts";

/** Requests that the bare client has under way at a time. */
const WIDTH = 16;

/** How fast one kind of request went. */
export interface Rate {
  readonly requests: number;
  readonly perSecond: number;
  /** Processor time of the client for one request, in milliseconds. */
  readonly cpuMs: number;
}

/** The limit of the machine. */
export interface Limit {
  readonly creates: Rate;
  readonly applies: Rate;
}

/** Sends `count` creates, then `count` first applies. */
export async function measureLimit({ api, namespace }: Ground, count: number): Promise<Limit> {
  await namespace("limit");
  const create = (name: string) => api.create(configMaps, likeOurs(name), BENCH);
  const apply = (name: string) => api.apply(configMaps, likeOurs(name), { fieldManager: BENCH });
  // The first requests pay for connections and for a compiler that has not seen them yet.
  await atOnce(WIDTH, range(200), (i) => create(`warm-${i}`));
  await atOnce(WIDTH, range(200), (i) => apply(`warm-apply-${i}`));
  return {
    creates: await rate(count, (i) => create(`create-${i}`)),
    applies: await rate(count, (i) => apply(`apply-${i}`)),
  };
}

async function rate(count: number, send: (i: number) => Promise<unknown>): Promise<Rate> {
  const cpu = await cpuOf(Deno.pid);
  const began = performance.now();
  await atOnce(WIDTH, range(count), send);
  const seconds = (performance.now() - began) / 1000;
  return {
    requests: count,
    perSecond: count / seconds,
    cpuMs: (await cpuOf(Deno.pid) - cpu) / count,
  };
}

/** About as large as a child of a server: 1 KB with labels and a file. */
function likeOurs(name: string): ConfigMap {
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { namespace: "limit", name, labels: { app: "limit", instance: name } },
    data: { "config.yaml": "key: value of a line\n".repeat(40) },
  };
}
