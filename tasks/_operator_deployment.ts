// The Deployment that runs the operator.

import type { Deployment } from "../api/kubernetes/types.ts";
import { OPERATOR } from "../controllers/dittoserver/names.ts";

/** Where and from which image the operator is installed. */
export interface InstallOptions {
  readonly namespace: string;
  readonly image: string;
}

/** The ports of the metrics and of the probes; the image's permissions allow no others. */
const METRICS_PORT = 8080;
const HEALTH_PORT = 8081;

export function operatorDeployment(
  { namespace, image }: InstallOptions,
  labels: Readonly<Record<string, string>>,
): Deployment {
  const selector = { "app.kubernetes.io/name": OPERATOR };
  const probe = (path: string) => ({ httpGet: { path, port: "health" }, timeoutSeconds: 5 });
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: OPERATOR, namespace, labels },
    spec: {
      replicas: 1,
      selector: { matchLabels: selector },
      template: {
        metadata: { labels: selector },
        spec: {
          serviceAccountName: OPERATOR,
          terminationGracePeriodSeconds: 10,
          securityContext: {
            runAsNonRoot: true,
            runAsUser: 65532,
            runAsGroup: 65532,
            seccompProfile: { type: "RuntimeDefault" },
          },
          containers: [{
            name: "operator",
            image,
            args: ["run", "--leader-elect"],
            ports: [
              { name: "metrics", containerPort: METRICS_PORT, protocol: "TCP" },
              { name: "health", containerPort: HEALTH_PORT, protocol: "TCP" },
            ],
            startupProbe: { ...probe("/healthz"), periodSeconds: 1, failureThreshold: 60 },
            livenessProbe: { ...probe("/healthz"), periodSeconds: 20 },
            readinessProbe: { ...probe("/readyz"), periodSeconds: 5 },
            resources: {
              requests: { cpu: "50m", memory: "96Mi" },
              limits: { memory: "256Mi" },
            },
            securityContext: {
              allowPrivilegeEscalation: false,
              capabilities: { drop: ["ALL"] },
              readOnlyRootFilesystem: true,
            },
          }],
        },
      },
    },
  };
}
