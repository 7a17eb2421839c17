// spec.metrics and spec.logging.

import { FULL, MINIMAL } from "./_full.ts";
import { objectName, secretRef } from "./_forms.ts";
import { type JsonObject, withValue } from "./_json.ts";
import { accepted, between, bounds, form, longest, oneOf, required, type Row } from "./_table.ts";

const withMetrics = (metrics: JsonObject): JsonObject => ({ ...MINIMAL, metrics });
const withLogging = (logging: JsonObject): JsonObject => ({ ...MINIMAL, logging });

export const metrics: readonly Row[] = [
  ...bounds("metrics.port", 1, 65_535),
  ...form("metrics.path", "a path that begins with /, such as /metrics", {
    accepted: ["/", "/a/b"],
    refused: ["", "metrics", "/a b", "/a?b", "/a#b"],
  }),
  ...longest("metrics.path", 256, { from: "/x" }),
  ...secretRef("metrics.bearerTokenSecret", "files-metrics-token", "token"),
  ...required("metrics.bearerTokenSecret.name"),
  ...required("metrics.bearerTokenSecret.key"),
  ...objectName("metrics.tls.certSecretName", "files-metrics-tls"),
  ...required("metrics.tls.certSecretName"),
  ...objectName("metrics.tls.clientCASecretName", "prometheus-ca"),
  ...objectName("metrics.tls.clientCertSecretName", "prometheus-client"),
  ...oneOf("metrics.tls.minVersion", ["1.2", "1.3"]),
  ...["serviceMonitor", "podMonitor"].flatMap((monitor) =>
    form(
      `metrics.${monitor}.interval`,
      "a duration as Prometheus writes it: whole numbers with units, without a decimal point, such as 30s",
      {
        accepted: ["0", "1ms", "1h30m", "1d"],
        refused: ["", "30", "1.5m", "30 s", "1us"],
      },
    )
  ),
  ...longest("metrics.serviceMonitor.interval", 32, { fill: "1s" }),
  ...longest("metrics.podMonitor.interval", 32, { fill: "1s" }),
  ...between({
    field: "spec.metrics",
    message: "serviceMonitor and podMonitor would both scrape the same pod; switch one of them off",
    accepted: [
      withMetrics({ serviceMonitor: { enabled: true }, podMonitor: {} }),
      withMetrics({ serviceMonitor: {}, podMonitor: { enabled: true } }),
    ],
    refused: [withMetrics({ serviceMonitor: { enabled: true }, podMonitor: { enabled: true } })],
  }),
];

export const logging: readonly Row[] = [
  ...oneOf("logging.level", ["DEBUG", "INFO", "WARN", "ERROR"]),
  ...oneOf("logging.format", ["text", "json"]),
  ...form(
    "logging.output",
    "stdout, stderr, or a file below /data/controlplane/, /data/store/metadata/, /data/store/block/ or /tmp/; the rest of the pod's file system is read-only, such as stdout",
    {
      accepted: ["stdout", "stderr", "/tmp/x", "/data/store/block/x", "/data/store/metadata/x"],
      refused: ["", "/var/log/x", "/tmp/", "/data/x", "dittofs.log"],
    },
    withValue(FULL, "logging.rotation", undefined),
  ),
  ...longest("logging.output", 512, { from: "/tmp/x" }),
  ...bounds("logging.rotation.maxSize", 1, 1_048_576),
  ...bounds("logging.rotation.maxBackups", 0, 10_000),
  ...bounds("logging.rotation.maxAge", 0, 36_500),
  accepted("logging.rotation.compress", false),
  ...between({
    field: "spec.logging.rotation",
    message: "rotation is for log files; set output to a path, or remove rotation",
    accepted: [withLogging({ output: "/tmp/x", rotation: {} })],
    refused: [withLogging({ rotation: {} }), withLogging({ output: "stderr", rotation: {} })],
  }),
];
