// The custom resources of the Prometheus operator, as far as we write them
// (monitoring.coreos.com/v1).

import type { LabelSelector, ObjectMeta, SecretKeySelector } from "../api/kubernetes/types.ts";

/** How one port is scraped. */
export interface MonitorEndpoint {
  /** The port by its name on Service or container. */
  readonly port: string;
  readonly path: string;
  /** Duration as Prometheus writes it. */
  readonly interval?: string;
  readonly scheme?: "http" | "https";
  readonly authorization?: { readonly type: "Bearer"; readonly credentials: SecretKeySelector };
  readonly tlsConfig?: MonitorTls;
}

/** How the scraped server is known, and what it is shown. */
export interface MonitorTls {
  readonly serverName: string;
  readonly ca?: { readonly secret: SecretKeySelector };
  readonly cert?: { readonly secret: SecretKeySelector };
  readonly keySecret?: SecretKeySelector;
}

/** Scrapes the pods behind Services. */
export interface ServiceMonitor {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata?: ObjectMeta;
  readonly spec?: {
    readonly selector: LabelSelector;
    readonly namespaceSelector: { readonly matchNames: readonly string[] };
    readonly endpoints: readonly MonitorEndpoint[];
  };
}

/** Scrapes pods. */
export interface PodMonitor {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata?: ObjectMeta;
  readonly spec?: {
    readonly selector: LabelSelector;
    readonly namespaceSelector: { readonly matchNames: readonly string[] };
    readonly podMetricsEndpoints: readonly MonitorEndpoint[];
  };
}
