// The probes of the server's container.

import type { Container, Probe } from "../../api/kubernetes/types.ts";
import type { DittoServerSpec } from "../../api/dittoserver.ts";
import { API_PORT } from "./names.ts";
import { startupSeconds } from "./timing.ts";

/** Startup, liveness and readiness, over the protocol that the API speaks. */
export function probes(
  spec: DittoServerSpec,
): Required<Pick<Container, "startupProbe" | "livenessProbe" | "readinessProbe">> {
  const alive = { ...action(spec, "/health"), timeoutSeconds: 5 };
  const ready = { ...action(spec, "/health/ready"), timeoutSeconds: 5 };
  return {
    // Asked each second, so that the server counts as started as soon as it has. Until then the
    // port is closed and the answer is immediate, so the number of tries is the time in seconds.
    startupProbe: { ...alive, periodSeconds: 1, failureThreshold: startupSeconds(spec) },
    livenessProbe: { ...alive, periodSeconds: 10, failureThreshold: 3 },
    readinessProbe: { ...ready, periodSeconds: 5, failureThreshold: 3 },
  };
}

/** What is asked. A kubelet has no certificate to present, so mTLS leaves only the port. */
function action({ controlPlane }: DittoServerSpec, path: string): Probe {
  const { certSecretName, clientCASecretName } = controlPlane;
  if (certSecretName && clientCASecretName) return { tcpSocket: { port: API_PORT } };
  return { httpGet: { path, port: API_PORT, scheme: certSecretName ? "HTTPS" : "HTTP" } };
}
