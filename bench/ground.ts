// What a measurement stands on: a fresh control plane with the operator's shipped manifests, a
// light client of our own, and namespaces to spread the servers over.

import type { DittoServer } from "../api/dittoserver.ts";
import { dittoServers } from "../controllers/kinds.ts";
import { operatorUser } from "../e2e/harness/operator_process.ts";
import { operatorGround } from "../e2e/integration/_operator.ts";
import type { ControlPlane } from "../e2e/harness/control_plane.ts";
import { Api } from "../kube/api.ts";
import { systemClock } from "../kube/clock.ts";
import { connect } from "../kube/connect.ts";
import { type KubernetesObject, type Live } from "../kube/object.ts";
import { resource } from "../kube/resource.ts";
import { Transport } from "../kube/transport.ts";
import { atOnce } from "./at_once.ts";

/** Field manager and user agent of the bench. */
export const BENCH = "dittofs-bench";

/** Namespaces that servers are spread over. */
export const NAMESPACES = 20;

/** Writers that create servers side by side. */
export const WRITERS = 8;

const namespaces = resource<KubernetesObject>({
  group: "",
  version: "v1",
  kind: "Namespace",
  plural: "namespaces",
  namespaced: false,
});

/** A control plane and a client of it. */
export interface Ground extends AsyncDisposable {
  readonly plane: ControlPlane;
  readonly api: Api;
  /** Makes a namespace and waits until pods could be made in it. */
  namespace(name: string): Promise<void>;
}

/** Starts a control plane with custom resource and permissions installed. */
export async function startGround(): Promise<Ground> {
  const ground = await operatorGround({
    controllerManager: true,
    // As the API server sees a real service account: the groups decide its share of requests.
    users: { [operatorUser]: ["system:serviceaccounts", "system:authenticated"] },
    // Each server has a Service with an address; the usual range of a test has 254.
    apiServerArgs: ["--service-cluster-ip-range=10.0.0.0/16"],
    // Kubernetes' defaults, as in a real cluster; tests run with ten times as much.
    controllerManagerArgs: ["--kube-api-qps=20", "--kube-api-burst=30"],
  });
  const { plane } = ground;
  const access = await connect({ kubeconfig: plane.kubeconfig() }, systemClock);
  const transport = new Transport(access, `${BENCH}/0`);
  const api = new Api(transport, systemClock);
  return {
    plane,
    api,
    namespace: async (name) => {
      await api.create(
        namespaces,
        { apiVersion: "v1", kind: "Namespace", metadata: { name } },
        BENCH,
      );
    },
    [Symbol.asyncDispose]: async () => {
      transport[Symbol.dispose]();
      await ground[Symbol.asyncDispose]();
    },
  };
}

/** A minimal server. */
export function minimalServer(namespace: string, name: string): DittoServer {
  return {
    apiVersion: "dittofs.dittofs.com/v1alpha1",
    kind: "DittoServer",
    metadata: { namespace, name },
    spec: { storage: { metadataSize: "1Gi" } },
  };
}

/** The servers of one wave, spread over {@link NAMESPACES} namespaces called after it. */
export function waveOf(wave: string, count: number): DittoServer[] {
  return Array.from(
    { length: count },
    (_, i) => minimalServer(`${wave}-${i % NAMESPACES}`, `s${i}`),
  );
}

/** Makes the namespaces of a wave. */
export async function namespacesOf(ground: Ground, wave: string): Promise<void> {
  await atOnce(WRITERS, Array(NAMESPACES).keys(), (i) => ground.namespace(`${wave}-${i}`));
}

/** Creates a server. */
export function createServer(api: Api, server: DittoServer): Promise<Live<DittoServer>> {
  return api.create(dittoServers, server, BENCH);
}
