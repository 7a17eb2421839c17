// The whole controller in virtual time at an API server in memory, with one server in it. What
// the cluster's own controllers would do, the test does.

import type { DittoServer, DittoServerInput } from "../../api/dittoserver.ts";
import { API_VERSION } from "../../api/group.ts";
import { Api } from "../../kube/api.ts";
import { EventRecorder } from "../../kube/events.ts";
import { jsonLogger } from "../../kube/log.ts";
import { Metrics } from "../../kube/metrics.ts";
import { Program } from "../../kube/program.ts";
import { FaultClient } from "../../kube/testing/fault_client.ts";
import { MemoryApi } from "../../kube/testing/memory_api.ts";
import { VirtualClock } from "../../kube/testing/virtual_clock.ts";
import { dittoServerController } from "./controller.ts";
import type { StatefulSet } from "../../api/kubernetes/types.ts";

type Content = Record<string, unknown>;

/** Paths of objects in the namespace of the server. */
export const path = {
  server: "/apis/dittofs.dittofs.com/v1alpha1/namespaces/files/dittoservers/demo",
  statefulSet: "/apis/apps/v1/namespaces/files/statefulsets/demo",
  pod: "/api/v1/namespaces/files/pods/demo-0",
  core: (plural: string, name: string) => `/api/v1/namespaces/files/${plural}/${name}`,
} as const;

/** The controller and its world. */
export class World implements AsyncDisposable {
  readonly clock = new VirtualClock();
  readonly server = new MemoryApi(this.clock);
  readonly client = new FaultClient(this.server);
  readonly #abort = new AbortController();
  readonly #running: Promise<void>;
  #generation = 0;

  constructor() {
    const { clock } = this;
    const api = new Api(this.client, clock);
    const log = jsonLogger(() => {});
    const context = {
      ...{ api, clock, log, random: () => 0.5, operatorNamespace: "dittofs-system" },
      events: new EventRecorder(api, clock, log, "dittofs-operator", "test"),
      metrics: new Metrics(clock, "test"),
      randomBytes: (length: number) => new Uint8Array(length).fill(7),
    };
    const { controller, watched } = dittoServerController(context);
    this.#running = new Program({ ...context, watched, controllers: [controller] })
      .run(this.#abort.signal);
  }

  /** Writes the server as a user would, and lets everything happen that follows at once. */
  async apply(
    spec: Partial<DittoServerInput>,
    annotations: Record<string, string> = {},
    finalizers: readonly string[] = [],
  ) {
    const generation = ++this.#generation;
    const metadata = { name: "demo", namespace: "files", annotations, finalizers, generation };
    this.server.put(path.server, {
      ...{ apiVersion: API_VERSION, kind: "DittoServer", metadata },
      spec: { storage: { metadataSize: "1Gi" }, ...spec },
    });
    await this.settle();
  }

  /** Makes a Secret of a user. */
  async secret(name: string, values: Record<string, string>) {
    const data = Object.fromEntries(Object.entries(values).map(([k, v]) => [k, btoa(v)]));
    this.server.put(path.core("secrets", name), { metadata: { name, namespace: "files" }, data });
    await this.settle();
  }

  /** Makes the pod of the StatefulSet's present revision, and lets it be ready. */
  async serve() {
    const metadata = {
      ...{ name: "demo-0", namespace: "files" },
      labels: { app: "dittofs-server", instance: "demo" },
    };
    const status = { conditions: [{ type: "Ready", status: "True" }] };
    this.server.put(path.pod, { metadata, status });
    this.server.put(path.statefulSet, {
      status: {
        observedGeneration: this.statefulSet()?.metadata?.generation,
        ...{ replicas: 1, readyReplicas: 1, availableReplicas: 1, updatedReplicas: 1 },
        ...{ currentRevision: "demo-1", updateRevision: "demo-1" },
      },
    });
    await this.settle();
  }

  /** Lets everything happen that waits for no time, or for a blink of it. */
  async settle() {
    await this.clock.advance(10);
  }

  statefulSet(): StatefulSet | undefined {
    return this.server.read(path.statefulSet) as StatefulSet | undefined;
  }

  template(): Content | undefined {
    return this.statefulSet()?.spec?.template as Content | undefined;
  }

  status(): NonNullable<DittoServer["status"]> {
    return (this.server.read(path.server) as DittoServer | undefined)?.status ?? {};
  }

  condition(type: string) {
    return this.status().conditions?.find((condition) => condition.type === type);
  }

  async [Symbol.asyncDispose]() {
    this.#abort.abort();
    await this.#running;
  }
}
