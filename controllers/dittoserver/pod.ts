// The pod of the server: hardened to the restricted Pod Security Standard.

import type { Container, PodTemplateSpec, Probe } from "../../api/kubernetes/types.ts";
import { CONFIG_FILE } from "./config_map.ts";
import { CONFIG_HASH_ANNOTATION, CONTAINER, selectorLabels } from "./names.ts";
import { ADMIN_PASSWORD_KEY, JWT_KEY } from "./secrets.ts";
import type { Server } from "./server.ts";
import { SHUTDOWN_TIMEOUT_SECONDS } from "./server_config.ts";
import { API_PORT } from "./services.ts";
import { CONFIG_DIRECTORY, podVolumes, volumeMounts } from "./volumes.ts";

/** User and group of the server's image. */
const DITTOFS_ID = 65532;

/** Time for endpoints to be withdrawn before the server closes its listeners, in seconds. */
const PRE_STOP_SECONDS = 5;

/** The server ends itself after three stages and five seconds; then it is left ten more. */
const GRACE_PERIOD_SECONDS = PRE_STOP_SECONDS + 3 * SHUTDOWN_TIMEOUT_SECONDS + 10;

/**
 * How long the server may take to start, in seconds. It loads every share before it listens,
 * and one unreachable S3 endpoint alone takes 160.
 */
const STARTUP_BUDGET_SECONDS = 600;

/** The pod template. `configHash` is the digest of what the pod consumes. */
export function podTemplate(server: Server, configHash: string): PodTemplateSpec {
  return {
    metadata: {
      labels: selectorLabels(server.name),
      annotations: { [CONFIG_HASH_ANNOTATION]: configHash },
    },
    spec: {
      automountServiceAccountToken: false,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: DITTOFS_ID,
        runAsGroup: DITTOFS_ID,
        fsGroup: DITTOFS_ID,
        // A recursive change of owner at each start would take hours on a large volume.
        fsGroupChangePolicy: "OnRootMismatch",
        seccompProfile: { type: "RuntimeDefault" },
      },
      terminationGracePeriodSeconds: GRACE_PERIOD_SECONDS,
      containers: [container(server)],
      volumes: podVolumes(server.names.configMap),
    },
  };
}

function container({ spec, names }: Server): Container {
  return {
    name: CONTAINER,
    image: spec.image,
    command: ["/app/dfs"],
    args: ["start", "--foreground", "--config", `${CONFIG_DIRECTORY}/${CONFIG_FILE}`],
    ports: [{ name: API_PORT, containerPort: spec.controlPlane.port, protocol: "TCP" }],
    env: [
      fromSecret("DITTOFS_CONTROLPLANE_SECRET", names.jwtSecret, JWT_KEY),
      fromSecret("DITTOFS_ADMIN_INITIAL_PASSWORD", names.adminSecret, ADMIN_PASSWORD_KEY),
    ],
    volumeMounts: volumeMounts(spec),
    startupProbe: probe("/health", {
      periodSeconds: 1,
      failureThreshold: STARTUP_BUDGET_SECONDS,
    }),
    livenessProbe: probe("/health", { periodSeconds: 10, failureThreshold: 3 }),
    readinessProbe: probe("/health/ready", { periodSeconds: 5, failureThreshold: 3 }),
    lifecycle: { preStop: { exec: { command: ["/bin/sh", "-c", `sleep ${PRE_STOP_SECONDS}`] } } },
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
      readOnlyRootFilesystem: true,
      runAsNonRoot: true,
      seccompProfile: { type: "RuntimeDefault" },
    },
    ...(spec.resources && { resources: spec.resources }),
  };
}

function fromSecret(name: string, secret: string, key: string) {
  return { name, valueFrom: { secretKeyRef: { name: secret, key } } };
}

function probe(path: string, timing: Probe): Probe {
  return { httpGet: { path, port: API_PORT, scheme: "HTTP" }, timeoutSeconds: 5, ...timing };
}
