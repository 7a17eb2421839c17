// Objects of others: a cluster is full of large ConfigMaps and Secrets that are none of our
// business, and an operator that keeps them dies of them.

import type { ConfigMap, Secret } from "../api/kubernetes/types.ts";
import { configMaps, secrets } from "../controllers/kinds.ts";
import { pause } from "../e2e/harness/poll.ts";
import { atOnce, range } from "./at_once.ts";
import { BENCH, type Ground } from "./ground.ts";
import type { Operator } from "./operator.ts";
import { percentile } from "./percentile.ts";
import { memoryOf } from "./proc.ts";
import { untilOperatorQuiet } from "./quiet.ts";

const NAMESPACE = "foreign";
const OBJECTS_PER_KIND = 300;
const MEGABYTE = 1_000_000;
const SAMPLES = 20;

/** The operator's memory before and after, in bytes. */
export interface Foreign {
  readonly objects: number;
  readonly before: number;
  readonly after: number;
}

/** Creates 600 objects of 1 MB and compares. */
export async function measureForeign(ground: Ground, operator: Operator): Promise<Foreign> {
  const { api, plane, namespace } = ground;
  await namespace(NAMESPACE);
  await untilOperatorQuiet(plane);
  const before = await steadyRss(operator);
  const text = "x".repeat(MEGABYTE);
  const metadata = (i: number) => ({ namespace: NAMESPACE, name: `large-${i}` });
  const config = (i: number): ConfigMap => ({
    ...{ apiVersion: "v1", kind: "ConfigMap", metadata: metadata(i), data: { text } },
  });
  const secret = (i: number): Secret => ({
    ...{ apiVersion: "v1", kind: "Secret", metadata: metadata(i), stringData: { text } },
  });
  await atOnce(4, range(OBJECTS_PER_KIND), async (i) => {
    await api.create(configMaps, config(i), BENCH);
    await api.create(secrets, secret(i), BENCH);
  });
  await untilOperatorQuiet(plane);
  return { objects: 2 * OBJECTS_PER_KIND, before, after: await steadyRss(operator) };
}

/** The median of several looks: a garbage collection between two of them must not count. */
async function steadyRss(operator: Operator): Promise<number> {
  const samples: number[] = [];
  for (let i = 0; i < SAMPLES; i++) {
    samples.push((await memoryOf(operator.pid)).rss);
    await pause(200);
  }
  return percentile(samples, 50);
}
