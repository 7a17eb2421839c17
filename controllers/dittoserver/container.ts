// The container of the server.

import type { Container, ContainerPort, ResourceRequirements } from "../../api/kubernetes/types.ts";
import type { DittoServerSpec } from "../../api/dittoserver.ts";
import { canonicalQuantity } from "../quantity.ts";
import { CONFIG_FILE } from "./config_map.ts";
import { API_PORT, CONTAINER, METRICS_PORT } from "./names.ts";
import { probes } from "./probes.ts";
import { secretVariables } from "./secret_env.ts";
import type { SecretFiles } from "./secret_files.ts";
import { containerSecurityContext } from "./security.ts";
import type { Server } from "./server.ts";
import { PRE_STOP_SECONDS } from "./timing.ts";
import { CONFIG_DIRECTORY, volumeMounts } from "./volumes.ts";

/** What the container is made of besides the server itself. */
export interface ContainerFacts {
  /** Names of the claim templates. */
  readonly claims: readonly string[];
  /** Secret with the way to the PostgreSQL database; see secret_env.ts. */
  readonly databaseSecret?: string | undefined;
}

/** The container; `secrets` are the files that the pod has volumes for. */
export function container(
  server: Server,
  secrets: readonly SecretFiles[],
  { claims, databaseSecret }: ContainerFacts,
): Container {
  const { spec } = server;
  return {
    name: CONTAINER,
    image: spec.image,
    ...(spec.imagePullPolicy && { imagePullPolicy: spec.imagePullPolicy }),
    command: ["/app/dfs"],
    args: ["start", "--foreground", "--config", `${CONFIG_DIRECTORY}/${CONFIG_FILE}`],
    ports: ports(spec),
    env: secretVariables(server, databaseSecret).map(({ variable, secret, key, optional }) => ({
      name: variable,
      valueFrom: { secretKeyRef: { name: secret, key, ...(optional && { optional }) } },
    })),
    volumeMounts: volumeMounts(spec, claims, secrets),
    ...probes(spec),
    // The kubelet's own pause: the image needs no shell for it.
    lifecycle: { preStop: { sleep: { seconds: PRE_STOP_SECONDS } } },
    // The server's last words are on standard error; so they are in the pod's status as well.
    terminationMessagePolicy: "FallbackToLogsOnError",
    securityContext: containerSecurityContext(spec.securityContext),
    ...(spec.resources && { resources: canonical(spec.resources) }),
  };
}

/**
 * The ports that the configuration decides. Those of the protocols are the database's, and
 * naming them here would replace the pod whenever they change.
 */
function ports({ controlPlane, metrics }: DittoServerSpec): ContainerPort[] {
  const port = (name: string, number: number): ContainerPort => ({
    name,
    containerPort: number,
    protocol: "TCP",
  });
  return [
    port(API_PORT, controlPlane.port),
    ...(metrics.enabled ? [port(METRICS_PORT, metrics.port)] : []),
  ];
}

/** The same amounts as the API server writes them. Empty lists of them do not come back. */
function canonical({ limits, requests, ...others }: ResourceRequirements): ResourceRequirements {
  const [most, least] = [amounts(limits), amounts(requests)];
  return { ...others, ...(most && { limits: most }), ...(least && { requests: least }) };
}

function amounts(of: Readonly<Record<string, string>> = {}): Record<string, string> | undefined {
  const entries = Object.entries(of).map(([name, amount]) => [name, canonicalQuantity(amount)]);
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}
