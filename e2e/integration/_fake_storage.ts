// What a cluster without nodes and disks lacks: a provisioner, a resizer and a kubelet.
//
// A claim that is pending gets a PersistentVolume, to which the real controller binds it; a
// bound claim that asks for more gets it; and a pod whose claims are bound runs and is ready.
// StatefulSets, binding, quotas and garbage collection are the real ones.

import type { PersistentVolumeClaim, Pod, StorageClass } from "../../api/kubernetes/types.ts";
import type { KubernetesObject, Live } from "../../kube/object.ts";
import { pause } from "../harness/poll.ts";
import type { TestPlane } from "./_plane.ts";

/** Provisioner of every class that is served. */
export const PROVISIONER = "storage.test/fake";

/**
 * A running pod takes a moment to end. One that vanished at once would be ahead of the status of
 * its StatefulSet, whose controller then makes it from the old revision, and again from the new.
 */
const RUNNING = "storage.test/running";

/** Storage and nodes of a control plane, until it is disposed of. */
export class FakeStorage implements AsyncDisposable {
  readonly #ground: TestPlane;
  readonly #stop = new AbortController();
  readonly #working: Promise<void>;
  /** Claims whose volumes do not grow for now, as `namespace/name`. */
  readonly held = new Set<string>();

  constructor(ground: TestPlane) {
    this.#ground = ground;
    this.#working = this.#work();
    // Its failure is told when it is disposed of.
    this.#working.catch(() => {});
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#working;
  }

  async #work(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      const [classes, claims, pods] = await Promise.all([
        this.#list<StorageClass>("/apis/storage.k8s.io/v1/storageclasses"),
        this.#list<PersistentVolumeClaim>("/api/v1/persistentvolumeclaims"),
        this.#list<Pod>("/api/v1/pods"),
      ]);
      const served = new Map(
        classes.filter(({ provisioner }) => provisioner === PROVISIONER)
          .map((found) => [found.metadata.name, found]),
      );
      const users = new Set(pods.flatMap(claimsOf));
      await Promise.all([
        ...claims.map((claim) => this.#serve(claim, served, users)),
        ...pods.map((pod) => this.#run(pod, claims)),
      ]);
      await pause(50, signal).catch(() => {});
    }
  }

  async #serve(
    claim: Live<PersistentVolumeClaim>,
    served: ReadonlyMap<string, StorageClass>,
    users: ReadonlySet<string>,
  ): Promise<void> {
    const found = served.get(claim.spec?.storageClassName ?? "");
    const { deletionTimestamp } = claim.metadata;
    if (!found || deletionTimestamp) return;
    const lazy = found.volumeBindingMode === "WaitForFirstConsumer";
    const used = users.has(keyOf(claim));
    if (claim.status?.phase === "Pending" && (used || !lazy)) await this.#provision(claim);
    const request = requestOf(claim);
    const grows = claim.status?.phase === "Bound" && claim.status.capacity?.storage !== request;
    if (grows && !this.held.has(keyOf(claim))) await this.#grow(claim, request);
  }

  async #provision(claim: Live<PersistentVolumeClaim>): Promise<void> {
    const { name, namespace, uid } = claim.metadata;
    const body = {
      apiVersion: "v1",
      kind: "PersistentVolume",
      metadata: {
        name: `pv-${uid}`,
        annotations: { "pv.kubernetes.io/provisioned-by": PROVISIONER },
      },
      spec: {
        accessModes: claim.spec?.accessModes,
        capacity: { storage: requestOf(claim) },
        claimRef: { apiVersion: "v1", kind: "PersistentVolumeClaim", name, namespace, uid },
        csi: { driver: "storage.test", volumeHandle: uid },
        storageClassName: claim.spec?.storageClassName,
        persistentVolumeReclaimPolicy: "Retain",
      },
    };
    // 409: made in an earlier round, and not bound yet.
    await this.#send("/api/v1/persistentvolumes", "POST", body, [409]);
  }

  async #grow(claim: Live<PersistentVolumeClaim>, storage: string): Promise<void> {
    const { name, namespace, uid } = claim.metadata;
    await this.#patch(`/api/v1/persistentvolumes/pv-${uid}`, { spec: { capacity: { storage } } });
    const path = `/api/v1/namespaces/${namespace}/persistentvolumeclaims/${name}/status`;
    await this.#patch(path, { status: { capacity: { storage } } });
  }

  async #run(pod: Live<Pod>, claims: readonly Live<PersistentVolumeClaim>[]): Promise<void> {
    const { name, namespace, deletionTimestamp, finalizers = [] } = pod.metadata;
    const path = `/api/v1/namespaces/${namespace}/pods/${name}`;
    if (deletionTimestamp) {
      if (finalizers.length > 0) await this.#patch(path, { metadata: { finalizers: [] } });
      return;
    }
    const bound = new Set(claims.filter(({ status }) => status?.phase === "Bound").map(keyOf));
    if (pod.status?.phase === "Running" || !claimsOf(pod).every((key) => bound.has(key))) return;
    await this.#patch(path, { metadata: { finalizers: [RUNNING] } });
    await this.#patch(`${path}/status`, {
      status: { phase: "Running", conditions: [{ type: "Ready", status: "True" }] },
    });
  }

  async #list<T extends KubernetesObject>(path: string): Promise<readonly Live<T>[]> {
    const { items } = await this.#ground.plane.client().json(path) as {
      readonly items: readonly Live<T>[];
    };
    return items;
  }

  async #patch(path: string, body: unknown): Promise<void> {
    // It may have gone since the list.
    await this.#send(path, "PATCH", body, [404]);
  }

  async #send(path: string, method: string, body: unknown, fine: readonly number[]): Promise<void> {
    const contentType = method === "PATCH" ? "application/merge-patch+json" : "application/json";
    const { status, text } = await this.#ground.plane.client().send(path, {
      ...{ method, body, contentType, userAgent: "fake-storage" },
    });
    if (status >= 300 && !fine.includes(status)) throw new Error(`${path}: ${status} ${text}`);
  }
}

function claimsOf({ metadata, spec }: Live<Pod>): string[] {
  return (spec?.volumes ?? []).flatMap(({ persistentVolumeClaim: claim }) =>
    claim ? [`${metadata.namespace}/${claim.claimName}`] : []
  );
}

const keyOf = ({ metadata }: Live<KubernetesObject>) => `${metadata.namespace}/${metadata.name}`;

const requestOf = (claim: PersistentVolumeClaim) => claim.spec?.resources?.requests?.storage ?? "";
