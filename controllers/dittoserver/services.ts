// The Services of the server.
//
// None of them depends on whether the server runs or what it says about itself: an address that
// clients and load balancers know stays while the server restarts, sleeps or is stopped.

import type { Service, ServiceSpec } from "../../api/kubernetes/types.ts";
import type { DittoServerSpec } from "../../api/dittoserver.ts";
import { adapterPorts, servedProtocols } from "./adapter_ports.ts";
import { API_PORT, METRICS_PORT, type Protocol, selectorLabels } from "./names.ts";
import { KEPT_ADDRESS_ANNOTATION } from "./kept_address.ts";
import { childMeta, type Server } from "./server.ts";

/** On the Services of protocols; the Go operator's too. */
const ADAPTER_SERVICE_LABEL = "dittofs.io/adapter-service";
/** The protocol of a Service or NetworkPolicy; the Go operator's too. */
export const ADAPTER_TYPE_LABEL = "dittofs.io/adapter-type";
/** On the Service of the metrics, which a ServiceMonitor selects by it; the Go operator's too. */
export const METRICS_SERVICE_LABEL = "dittofs.io/metrics-service";

/** Every Service that the server should have; `kept` are the protocols that keep their address. */
export function allServices(
  server: Server,
  kept: ReadonlySet<Protocol> = new Set(),
): readonly Service[] {
  return [
    headlessService(server),
    apiService(server),
    ...(server.spec.metrics.enabled ? [metricsService(server)] : []),
    ...servedProtocols(server.spec).map((protocol) =>
      adapterService(server, protocol, kept.has(protocol))
    ),
  ];
}

/**
 * Gives the pod its stable DNS name. It shows the pod only while it is ready: no other pod has
 * to find it before, and who uses the name to reach files should not be sent to a closed port.
 */
export function headlessService(server: Server): Service {
  const { port } = server.spec.controlPlane;
  return service(server, server.names.headlessService, {
    type: "ClusterIP",
    clusterIP: "None",
    ports: [named(API_PORT, port)],
  });
}

/** Where the REST API is reached. */
export function apiService(server: Server): Service {
  const { controlPlane, service: wish } = server.spec;
  const ports = [named(API_PORT, controlPlane.port)];
  return service(server, server.names.apiService, { ...exposure(wish), ports }, wish);
}

/** Where the metrics are scraped; also by a Prometheus that goes by annotations. */
export function metricsService(server: Server): Service {
  const { port, path, tls } = server.spec.metrics;
  const spec = { type: "ClusterIP" as const, ports: [named(METRICS_PORT, port)] };
  return service(server, server.names.metricsService, spec, {
    labels: { [METRICS_SERVICE_LABEL]: "true" },
    annotations: {
      "prometheus.io/scrape": "true",
      "prometheus.io/port": String(port),
      "prometheus.io/path": path,
      ...(tls && { "prometheus.io/scheme": "https" }),
    },
  });
}

/** Where files are reached over a protocol, on the port that its clients expect. */
export function adapterService(server: Server, protocol: Protocol, kept = false): Service {
  const { adapterServices: wish } = server.spec;
  const spec = {
    ...exposure(wish),
    ...(kept && { type: "LoadBalancer" as const }),
    ports: adapterPorts(server.spec, protocol, kept),
  };
  return service(server, server.names.adapterService(protocol), spec, {
    ...wish,
    ...(kept && { annotations: { ...wish.annotations, [KEPT_ADDRESS_ANNOTATION]: "true" } }),
    labels: {
      ...wish.labels,
      [ADAPTER_SERVICE_LABEL]: "true",
      [ADAPTER_TYPE_LABEL]: protocol,
    },
  });
}

interface Marks {
  readonly labels?: Readonly<Record<string, string>> | undefined;
  readonly annotations?: Readonly<Record<string, string>> | undefined;
}

function service(
  server: Server,
  name: string,
  spec: ServiceSpec,
  { labels, annotations }: Marks = {},
): Service {
  const meta = childMeta(server, name);
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: {
      ...meta,
      labels: { ...labels, ...meta.labels },
      ...(annotations && { annotations }),
    },
    spec: { selector: selectorLabels(server.name), ...spec },
  };
}

/** A port of the pod by the name that it has there. */
function named(name: string, port: number) {
  return { name, port, targetPort: name, protocol: "TCP" } as const;
}

/** How far a Service can be seen. */
function exposure(wish: DittoServerSpec["service"]): ServiceSpec {
  const { type, loadBalancerClass, loadBalancerSourceRanges } = wish;
  const { externalTrafficPolicy, internalTrafficPolicy } = wish;
  return {
    type,
    ...(loadBalancerClass && { loadBalancerClass }),
    ...(loadBalancerSourceRanges?.length && { loadBalancerSourceRanges }),
    ...(externalTrafficPolicy && { externalTrafficPolicy }),
    ...(internalTrafficPolicy && { internalTrafficPolicy }),
  };
}
