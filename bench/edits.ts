// A user edits a server and waits until it is real: the log level in the spec, and the time until
// the ConfigMap says it. The edited servers are stopped ones, so that no pod is replaced for each
// edit and only the operator is measured.

import type { ConfigMap } from "../api/kubernetes/types.ts";
import { configMaps, dittoServers } from "../controllers/kinds.ts";
import { CONFIG_FILE } from "../controllers/dittoserver/config_map.ts";
import { namesOf } from "../controllers/dittoserver/names.ts";
import type { Api } from "../kube/api.ts";
import { makeKey } from "../kube/object.ts";
import { atOnce, range } from "./at_once.ts";
import { BENCH, createServer, type Ground, minimalServer, WRITERS } from "./ground.ts";
import { summarise, type Summary } from "./percentile.ts";
import { Sightings } from "./sightings.ts";

const NAMESPACE = "edits";
const SERVERS = 20;
const LEVELS = ["DEBUG", "WARN", "ERROR", "INFO"] as const;
/** An edit that is not real after this long never will be, in milliseconds. */
const PATIENCE_MS = 120_000;

/** The latency of edits, in milliseconds. */
export interface EditLatency {
  /** From sending the edit until the ConfigMap was seen changed. */
  readonly realised: Summary;
  /** The part of it that the API server needs to accept the edit itself. */
  readonly accepted: Summary;
}

/** One edit, by what it took in milliseconds. */
export interface Edit {
  readonly realised: number;
  readonly accepted: number;
}

/** Servers that are there to be edited, and a view of their ConfigMaps. */
export class EditedServers implements AsyncDisposable {
  readonly #levels = new Map<string, number>();

  private constructor(
    private readonly api: Api,
    private readonly configs: Sightings<ConfigMap>,
  ) {}

  /** Creates the servers and waits until the operator has made their ConfigMaps. */
  static async create({ api, namespace }: Ground): Promise<EditedServers> {
    await namespace(NAMESPACE);
    const configs = await Sightings.open(api, configMaps, { namespace: NAMESPACE });
    await atOnce(WRITERS, range(SERVERS), async (i) => {
      const { spec, ...rest } = minimalServer(NAMESPACE, serverName(i));
      await createServer(api, { ...rest, spec: { ...spec, replicas: 0 } });
      await configs.when(configOf(i), () => true, PATIENCE_MS);
    });
    return new EditedServers(api, configs);
  }

  /** Edits one of the servers, chosen by any number, and waits until that is real. */
  async edit(number: number): Promise<Edit> {
    const { realised, at, accepted } = await this.begin(number);
    return { realised: (await realised) - at, accepted };
  }

  /** Edits one of the servers; the time at which it is real comes later. */
  async begin(
    number: number,
  ): Promise<{ at: number; accepted: number; realised: Promise<number> }> {
    const name = serverName(number);
    const next = (this.#levels.get(name) ?? -1) + 1;
    this.#levels.set(name, next);
    const level = LEVELS[next % LEVELS.length] ?? "INFO";
    const at = performance.now();
    const realised = this.configs.when(
      configOf(number),
      (config) => config.data?.[CONFIG_FILE]?.includes(`level: ${level}`) ?? false,
      PATIENCE_MS,
    );
    const patch = { spec: { logging: { level } } };
    const accepted = this.api.mergePatch(dittoServers, { namespace: NAMESPACE, name }, patch, BENCH)
      .then(() => performance.now() - at);
    // A refused edit is never realised; whoever waits for either hears of the refusal.
    return { at, accepted: await Promise.race([accepted, rejection(realised)]), realised };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.configs[Symbol.asyncDispose]();
  }
}

/** Summary of many edits. */
export function latencyOf(edits: readonly Edit[]): EditLatency {
  return {
    realised: summarise(edits.map(({ realised }) => realised)),
    accepted: summarise(edits.map(({ accepted }) => accepted)),
  };
}

/** Number of servers that can be edited at the same time. */
export const EDITED_SERVERS = SERVERS;

function serverName(number: number): string {
  return `edited-${number % SERVERS}`;
}

function configOf(number: number): string {
  return makeKey(NAMESPACE, namesOf(serverName(number)).configMap);
}

/** Settles only if the promise rejects. */
function rejection(promise: Promise<unknown>): Promise<never> {
  return new Promise((_, reject) => promise.catch(reject));
}
