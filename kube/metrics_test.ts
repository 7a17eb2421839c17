// What is measured of a watch that has ended.

import assert from "node:assert/strict";
import { Metrics } from "./metrics.ts";
import { Queue } from "./queue.ts";
import { VirtualClock } from "./testing/virtual_clock.ts";

Deno.test("Metrics measure the silence of a watch for as long as it listens", async () => {
  const clock = new VirtualClock();
  const metrics = new Metrics(clock, "test");
  const [sampling, watching] = [new AbortController(), new AbortController()];
  metrics.sample(sampling.signal);
  metrics.watch("things", watching.signal);
  metrics.watch("others", sampling.signal);
  await clock.advance(60_000);
  const idle = async () => (await metrics.text()).match(/^test_watch_idle_seconds.*$/gm);
  assert.deepEqual(await idle(), [
    'test_watch_idle_seconds{resource="things"} 60',
    'test_watch_idle_seconds{resource="others"} 60',
  ]);
  watching.abort();
  assert.deepEqual(await idle(), ['test_watch_idle_seconds{resource="others"} 60']);
  sampling.abort();
});

Deno.test("Metrics.counter() counts by its one label, under the program's prefix", async () => {
  const metrics = new Metrics(new VirtualClock(), "test");
  const drifted = metrics.counter("drift_total", "What was found changed", "kind");
  drifted("adapter");
  drifted("adapter");
  drifted("share");
  assert.deepEqual((await metrics.text()).match(/^test_drift_total.*$/gm), [
    'test_drift_total{kind="adapter"} 2',
    'test_drift_total{kind="share"} 1',
  ]);
});

Deno.test("Metrics.queue() reads the queues of several controllers", async () => {
  const clock = new VirtualClock();
  const metrics = new Metrics(clock, "test");
  const [one, two] = [new Queue<string>(clock), new Queue<string>(clock)];
  metrics.queue("one", one);
  metrics.queue("two", two);
  two.add("default/a", "background");
  assert.deepEqual((await metrics.text()).match(/^workqueue_depth.*$/gm), [
    'workqueue_depth{name="one",controller="one"} 0',
    'workqueue_depth{name="two",controller="two"} 1',
  ]);
});
