// The Services of the server that exist whatever adapters it runs.

import type { Service } from "../../api/kubernetes/types.ts";
import { API_PORT, selectorLabels } from "./names.ts";
import { childMeta, type Server } from "./server.ts";

/** Gives the pod its stable DNS name. */
export function headlessService(server: Server): Service {
  return service(server, server.names.headlessService, { clusterIP: "None" });
}

/** Where the REST API is reached. */
export function apiService(server: Server): Service {
  return service(server, server.names.apiService, {});
}

function service(server: Server, name: string, spec: Service["spec"]): Service {
  const { port } = server.spec.controlPlane;
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: childMeta(server, name),
    spec: {
      type: "ClusterIP",
      selector: selectorLabels(server.name),
      ports: [{ name: API_PORT, port, targetPort: API_PORT, protocol: "TCP" }],
      ...spec,
    },
  };
}
