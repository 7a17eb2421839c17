// What a Prometheus of the Prometheus operator is told about the metrics: a ServiceMonitor or a
// PodMonitor. They can be made only while the cluster has these custom resources.

import type { DittoServerSpec } from "../../api/dittoserver.ts";
import type { MonitorEndpoint, MonitorTls, PodMonitor, ServiceMonitor } from "../prometheus.ts";
import { MANAGED_BY_LABEL, METRICS_PORT, OPERATOR, selectorLabels } from "./names.ts";
import { childMeta, type Server } from "./server.ts";
import { METRICS_SERVICE_LABEL } from "./services.ts";

/** The API of both. */
const API_VERSION = "monitoring.coreos.com/v1";

/** What a monitor is made of besides the server itself. */
export interface MonitorFacts {
  /**
   * Whether the Secret with the metrics' certificate has ca.crt as well. Without it the
   * certificate is verified with what Prometheus trusts anyway; a monitor that names a missing
   * key is refused as a whole.
   */
  readonly metricsCa: boolean;
}

type Metrics = DittoServerSpec["metrics"];
type Wish = NonNullable<Metrics["serviceMonitor"]>;

/** The ServiceMonitor, if the spec wants one. */
export function serviceMonitor(server: Server, facts: MonitorFacts): ServiceMonitor | undefined {
  const wish = wanted(server.spec.metrics, "serviceMonitor");
  if (!wish) return undefined;
  return {
    apiVersion: API_VERSION,
    kind: "ServiceMonitor",
    metadata: metadata(server, wish),
    spec: {
      selector: {
        matchLabels: { ...selectorLabels(server.name), [METRICS_SERVICE_LABEL]: "true" },
      },
      namespaceSelector: { matchNames: [server.namespace] },
      endpoints: [endpoint(server, wish, facts)],
    },
  };
}

/** The PodMonitor, if the spec wants one. */
export function podMonitor(server: Server, facts: MonitorFacts): PodMonitor | undefined {
  const wish = wanted(server.spec.metrics, "podMonitor");
  if (!wish) return undefined;
  return {
    apiVersion: API_VERSION,
    kind: "PodMonitor",
    metadata: metadata(server, wish),
    spec: {
      selector: { matchLabels: selectorLabels(server.name) },
      namespaceSelector: { matchNames: [server.namespace] },
      podMetricsEndpoints: [endpoint(server, wish, facts)],
    },
  };
}

function wanted(metrics: Metrics, kind: "serviceMonitor" | "podMonitor"): Wish | undefined {
  const wish = metrics[kind];
  return metrics.enabled && wish?.enabled ? wish : undefined;
}

function metadata(server: Server, { labels }: Wish) {
  const meta = childMeta(server, server.names.monitor);
  // A Prometheus selects by any label; the operator finds its own by this one alone.
  const own = { [MANAGED_BY_LABEL]: OPERATOR };
  return { ...meta, labels: { ...meta.labels, ...labels, ...own } };
}

function endpoint(server: Server, { interval }: Wish, facts: MonitorFacts): MonitorEndpoint {
  const { path, bearerTokenSecret: token, tls } = server.spec.metrics;
  return {
    port: METRICS_PORT,
    path,
    ...(interval && { interval }),
    ...(token && {
      authorization: {
        type: "Bearer" as const,
        credentials: { name: token.name, key: token.key },
      },
    }),
    ...(tls && { scheme: "https" as const, tlsConfig: tlsConfig(server, tls, facts) }),
  };
}

/** Prometheus calls the pod by its address, but the certificate is for the Service. */
function tlsConfig(
  { names, namespace }: Server,
  { certSecretName, clientCertSecretName: client }: NonNullable<Metrics["tls"]>,
  { metricsCa }: MonitorFacts,
): MonitorTls {
  return {
    serverName: `${names.metricsService}.${namespace}.svc`,
    ...(metricsCa && { ca: { secret: { name: certSecretName, key: "ca.crt" } } }),
    ...(client && {
      cert: { secret: { name: client, key: "tls.crt" } },
      keySecret: { name: client, key: "tls.key" },
    }),
  };
}
