// Metrics of the server for Prometheus.

import * as z from "zod";
import { labelMap, objectName, port, secretRef, text, tlsVersion } from "../fields.ts";
import { rules } from "../schema.ts";

const monitor = (kind: string) =>
  z.object({
    enabled: z.boolean().default(false).meta({
      description:
        `Makes a ${kind}, as soon as the cluster has the custom resource of the Prometheus operator.`,
    }),
    interval: text(
      /^(0|([0-9]{1,6}(y|w|d|h|m|s|ms))+)$/,
      32,
      "a duration as Prometheus writes it: whole numbers with units, without a decimal point",
      "30s",
    ).optional().meta({ description: "Time between two scrapes; Prometheus' own default else." }),
    // Unlike those of what the operator selects, its own labels can give way here.
    labels: labelMap({ release: "prometheus" }, {
      rule: "self.all(k, k != 'app.kubernetes.io/managed-by' && !k.contains('dittofs.com/'))",
      message:
        "must not have app.kubernetes.io/managed-by or …dittofs.com/… labels; the operator finds its own objects by them, so choose other keys",
    }).optional().meta({
      description: `Labels of the ${kind}, by which a Prometheus selects it.`,
    }),
  }).meta({ description: `A ${kind} for the Prometheus operator.` });

const tls = z.object({
  certSecretName: objectName("files-metrics-tls").meta({
    description: "Secret with tls.crt and tls.key for the metrics port.",
  }),
  clientCASecretName: objectName("prometheus-ca").optional().meta({
    description: "Secret with ca.crt: scrapers must then present a certificate that it has signed.",
  }),
  clientCertSecretName: objectName("prometheus-client").optional().meta({
    description:
      "Secret with tls.crt and tls.key that the ServiceMonitor or PodMonitor tells Prometheus to present, where clientCASecretName demands it.",
  }),
  minVersion: tlsVersion.optional().meta({
    description: "The oldest version of TLS that is spoken.",
    examples: ["1.3"],
  }),
});

export const metrics = z.object({
  enabled: z.boolean().default(false).meta({
    description: "Serves metrics on a port of their own, with a Service for it.",
  }),
  port: port(9090).default(9090).meta({ description: "TCP port of the metrics." }),
  path: text(/^\/[^\s?#]*$/, 256, "a path that begins with /", "/metrics").default("/metrics")
    .meta({ description: "HTTP path of the metrics." }),
  bearerTokenSecret: secretRef("files-metrics-token", "token").optional().meta({
    description:
      "Token that a scraper has to send as `Authorization: Bearer TOKEN`. Without it everybody who reaches the port can read the metrics.",
  }),
  tls: tls.optional().meta({ description: "Serves the metrics over HTTPS." }),
  serviceMonitor: monitor("ServiceMonitor").optional(),
  podMonitor: monitor("PodMonitor").optional(),
}).meta(rules({
  rule:
    "!(has(self.serviceMonitor) && self.serviceMonitor.enabled && has(self.podMonitor) && self.podMonitor.enabled)",
  message: "serviceMonitor and podMonitor would both scrape the same pod; switch one of them off",
}));
