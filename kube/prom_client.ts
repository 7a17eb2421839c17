// What we use of prom-client, by its files. Its index brings along a push gateway, clusters of
// processes and quantiles, for which half of Node's standard library is loaded: 3 MiB.

import type * as prom from "prom-client";
import counter from "prom-client/lib/counter.js";
import gauge from "prom-client/lib/gauge.js";
import histogram from "prom-client/lib/histogram.js";
import registry from "prom-client/lib/registry.js";

export type Counter = prom.Counter;
export const Counter: typeof prom.Counter = counter;
export type Gauge = prom.Gauge;
export const Gauge: typeof prom.Gauge = gauge;
export type Histogram = prom.Histogram;
export const Histogram: typeof prom.Histogram = histogram;
export const Registry: typeof prom.Registry = registry;
