// Events: the story of an object as `kubectl describe` tells it.
//
// An event is published when a state changes, never per attempt. The same event again within a
// while is one event with a count (a series), as the API intends, so that a flapping object
// does not bury the others.

import type { Api } from "./api.ts";
import type { Clock } from "./clock.ts";
import { messageOf } from "./errors.ts";
import type { Logger } from "./log.ts";
import type { KubernetesObject, Live } from "./object.ts";
import { apiVersionOf, resource, type ResourceName } from "./resource.ts";

/** `events.k8s.io/v1` Event, as far as it is written here. */
export interface Event extends KubernetesObject {
  readonly eventTime: string | null;
  readonly type?: "Normal" | "Warning";
  readonly reason?: string;
  readonly action?: string;
  readonly note?: string;
  readonly regarding?: Readonly<Record<string, string>>;
  readonly reportingController?: string;
  readonly reportingInstance?: string;
  readonly series?: { readonly count: number; readonly lastObservedTime: string };
}

export const events = resource<Event>({
  group: "events.k8s.io",
  version: "v1",
  kind: "Event",
  plural: "events",
  namespaced: true,
});

/** What has happened. */
export interface Happening {
  readonly type: "Normal" | "Warning";
  /** One word for machines. */
  readonly reason: string;
  /** What the program did or tried, as one word. */
  readonly action: string;
  /** For people; cut to the API's 1,024 characters. */
  readonly note: string;
}

/** Time after which the same event is a new one and not one more of a series. */
const SERIES_MS = 360_000;
/** How many recent events are remembered. */
const REMEMBERED = 1_000;
const LONGEST_NOTE = 1_024;

/** Publishes events in the name of one program. */
export class EventRecorder {
  readonly #api: Api;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #controller: string;
  readonly #instance: string;
  readonly #recent = new Map<string, { readonly name: string; count: number; at: number }>();

  /** `controller` names the program, `instance` this copy of it. */
  constructor(api: Api, clock: Clock, log: Logger, controller: string, instance: string) {
    this.#api = api;
    this.#clock = clock;
    this.#log = log;
    this.#controller = controller;
    this.#instance = instance.slice(0, 128);
  }

  /** Publishes what has happened to an object. A failure is logged: no work depends on it. */
  async publish(
    resource: ResourceName,
    object: Live<KubernetesObject>,
    happening: Happening,
  ): Promise<void> {
    try {
      await this.#write(resource, object, happening);
    } catch (error) {
      const { reason } = happening;
      this.#log.error("could not publish an event", { reason, error: messageOf(error) });
    }
  }

  async #write(
    resource: ResourceName,
    { metadata }: Live<KubernetesObject>,
    { type, reason, action, note }: Happening,
  ): Promise<void> {
    const { name, namespace = "default", uid, resourceVersion } = metadata;
    const key = [uid, type, reason, action, note].join("\n");
    const now = this.#clock.now();
    const recent = this.#recent.get(key);
    if (recent && now - recent.at < SERIES_MS) {
      recent.count++;
      recent.at = now;
      const series = { count: recent.count, lastObservedTime: microTime(now) };
      const at = { namespace, name: recent.name };
      await this.#api.mergePatch(events, at, { series }, this.#controller);
      return;
    }
    const event = `${name}.${crypto.randomUUID().slice(0, 13).replace("-", "")}`;
    this.#remember(key, event, now);
    await this.#api.create(events, {
      apiVersion: apiVersionOf(events),
      kind: events.kind,
      metadata: { name: event, namespace },
      eventTime: microTime(now),
      reportingController: this.#controller,
      reportingInstance: this.#instance,
      regarding: {
        apiVersion: apiVersionOf(resource),
        kind: resource.kind,
        name,
        namespace,
        uid,
        resourceVersion,
      },
      ...{ type, reason, action },
      note: note.length > LONGEST_NOTE ? `${note.slice(0, LONGEST_NOTE - 1)}…` : note,
    }, this.#controller);
  }

  #remember(key: string, name: string, at: number): void {
    this.#recent.delete(key);
    this.#recent.set(key, { name, count: 1, at });
    const [oldest] = this.#recent.keys();
    if (this.#recent.size > REMEMBERED && oldest !== undefined) this.#recent.delete(oldest);
  }
}

/** RFC 3339 with microseconds, as MicroTime fields want it. */
export function microTime(ms: number): string {
  return new Date(ms).toISOString().replace("Z", "000Z");
}
