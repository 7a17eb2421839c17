// One server with volumes in a namespace of its own, and everything that can be asked of it.

import assert from "node:assert/strict";
import type { DittoServer, DittoServerInput } from "../../api/dittoserver.ts";
import { API_VERSION } from "../../api/group.ts";
import type { PersistentVolumeClaim, Pod, StatefulSet } from "../../api/kubernetes/types.ts";
import type { Live } from "../../kube/object.ts";
import { PlaneError } from "../harness/control_plane_client.ts";
import { DeadlineError, until } from "../harness/poll.ts";
import type { TestPlane } from "./_plane.ts";

type Storage = DittoServerInput["storage"];

/** The objects of one server, as they are at one moment. */
export interface Moment {
  readonly server: Live<DittoServer>;
  readonly statefulSet: Live<StatefulSet> | undefined;
  readonly pod: Live<Pod> | undefined;
  readonly claims: Readonly<Record<string, Live<PersistentVolumeClaim>>>;
}

/** A server called `demo`. */
export class StorageServer {
  constructor(readonly ground: TestPlane, readonly namespace: string) {}

  /** Makes the namespace, what shall be in it, and the server. */
  static async create(
    ground: TestPlane,
    namespace: string,
    storage: Storage,
    before: (server: StorageServer) => Promise<void> = () => Promise.resolve(),
  ): Promise<StorageServer> {
    await ground.kubectl(["create", "namespace", namespace]);
    const server = new StorageServer(ground, namespace);
    await before(server);
    await server.make(storage);
    return server;
  }

  /** Makes the claim of a volume as somebody might, who knows nothing of labels. */
  async makeClaim(volume: string, storage: string, storageClassName: string): Promise<void> {
    const accessModes = ["ReadWriteOnce"];
    await this.apply({
      ...{ apiVersion: "v1", kind: "PersistentVolumeClaim" },
      metadata: { name: `${volume}-demo-0`, namespace: this.namespace },
      spec: { accessModes, resources: { requests: { storage } }, storageClassName },
    });
  }

  /** Makes the server. */
  async make(storage: Storage): Promise<void> {
    const metadata = { name: "demo", namespace: this.namespace };
    await this.apply({ apiVersion: API_VERSION, kind: "DittoServer", metadata, spec: { storage } });
  }

  /** Creates or changes any object. */
  async apply(object: unknown): Promise<void> {
    await this.ground.kubectl(["apply", "--server-side", "--force-conflicts", "-f", "-"], {
      input: JSON.stringify(object),
    });
  }

  /** Changes the spec of the server. */
  async edit(spec: { readonly storage?: Partial<Storage>; readonly [field: string]: unknown }) {
    await this.patch("dittoserver", "demo", { spec });
  }

  async patch(kind: string, name: string, patch: unknown): Promise<void> {
    const target = [kind, name, "--namespace", this.namespace];
    const what = ["--type=merge", "--patch", JSON.stringify(patch)];
    await this.ground.kubectl(["patch", ...target, ...what]);
  }

  async delete(kind: string, name: string, ...options: string[]): Promise<void> {
    await this.ground.kubectl(["delete", kind, name, "--namespace", this.namespace, ...options]);
  }

  /** Everything as it is now. */
  async now(): Promise<Moment> {
    const core = `/api/v1/namespaces/${this.namespace}`;
    const group = `/apis/${API_VERSION}/namespaces/${this.namespace}`;
    const apps = `/apis/apps/v1/namespaces/${this.namespace}`;
    const [server, statefulSet, pod, { items }] = await Promise.all([
      this.#get<Live<DittoServer>>(`${group}/dittoservers/demo`),
      this.#get<Live<StatefulSet>>(`${apps}/statefulsets/demo`),
      this.#get<Live<Pod>>(`${core}/pods/demo-0`),
      this.ground.plane.client().json(`${core}/persistentvolumeclaims`) as Promise<
        { readonly items: readonly Live<PersistentVolumeClaim>[] }
      >,
    ]);
    assert.ok(server);
    const claims = Object.fromEntries(items.map((claim) => [claim.metadata.name, claim]));
    return { server, statefulSet, pod, claims };
  }

  /** Waits until something is so; the error of one that never is shows how things are. */
  async until(what: string, question: (moment: Moment) => boolean): Promise<Moment> {
    let last: Moment | undefined;
    try {
      return await until(what, async () => {
        last = await this.now();
        return question(last) && last;
      }, { within: 60_000, every: 100 });
    } catch (error) {
      if (!(error instanceof DeadlineError)) throw error;
      throw new Error(`${error.message}\n${JSON.stringify(last && summary(last), null, 1)}`);
    }
  }

  /** Waits until the pod serves and everything is as wanted. */
  untilReady(): Promise<Moment> {
    return this.until("everything is as wanted", isSettled);
  }

  async #get<T>(path: string): Promise<T | undefined> {
    try {
      return await this.ground.plane.client().json(path) as T;
    } catch (error) {
      if (error instanceof PlaneError && error.status === 404) return undefined;
      throw error;
    }
  }
}

/** Whether the status speaks of the present spec, all volumes are bound, and the pod is current. */
export function isSettled({ server, statefulSet, pod }: Moment): boolean {
  const { metadata, status } = statefulSet ?? {};
  return server.status?.observedGeneration === server.metadata.generation &&
    conditionOf(server)?.reason === "VolumesBound" &&
    status?.observedGeneration === metadata?.generation && !metadata?.deletionTimestamp &&
    status?.readyReplicas === 1 && status.updatedReplicas === 1 &&
    status.currentRevision === status.updateRevision &&
    pod?.metadata.labels?.["controller-revision-hash"] === status.updateRevision &&
    pod?.metadata.ownerReferences?.[0]?.uid === metadata?.uid;
}

/** The condition StorageReady. */
export function conditionOf(server: DittoServer) {
  return server.status?.conditions?.find(({ type }) => type === "StorageReady");
}

/** What a test compares: sizes and identities. */
export function summary({ server, statefulSet, pod, claims }: Moment) {
  const { metadata, spec, status } = statefulSet ?? {};
  return {
    ready: conditionOf(server),
    volumes: server.status?.volumes,
    claims: Object.fromEntries(
      Object.entries(claims).map(([name, claim]) => [
        name,
        `${claim.spec?.resources?.requests?.storage} of ${claim.status?.capacity?.storage}`,
      ]),
    ),
    templates: templatesOf(statefulSet),
    set: {
      ...{ generation: metadata?.generation, going: metadata?.deletionTimestamp, status },
      policy: spec?.persistentVolumeClaimRetentionPolicy,
    },
    pod: {
      ...{ uid: pod?.metadata.uid, labels: pod?.metadata.labels, status: pod?.status },
      owners: pod?.metadata.ownerReferences,
    },
  };
}

/** The claim templates of a StatefulSet, as `{ metadata: "1Gi" }`. */
export function templatesOf(statefulSet: StatefulSet | undefined): Record<string, string> {
  return Object.fromEntries(
    (statefulSet?.spec?.volumeClaimTemplates ?? []).map(({ metadata, spec }) => [
      metadata?.name ?? "",
      spec?.resources?.requests?.storage ?? "",
    ]),
  );
}
