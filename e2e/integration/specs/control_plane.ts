// spec.controlPlane.

import { MINIMAL } from "./_full.ts";
import { duration, objectName } from "./_forms.ts";
import type { JsonObject } from "./_json.ts";
import { between, bounds, oneOf, type Row } from "./_table.ts";

const api = (controlPlane: JsonObject): JsonObject => ({ ...MINIMAL, controlPlane });

const seconds = { from: "1s", to: "1h", tooShort: "999ms", tooLong: "1h1ms" } as const;

export const controlPlane: readonly Row[] = [
  ...bounds("controlPlane.port", 1, 65_535),
  ...objectName("controlPlane.certSecretName", "files-api-tls"),
  ...objectName("controlPlane.clientCASecretName", "files-client-ca"),
  ...objectName("controlPlane.clientCertSecretName", "files-operator-client"),
  ...oneOf("controlPlane.tlsMinVersion", ["1.2", "1.3"]),
  ...duration("controlPlane.readTimeout", { ...seconds, example: "10s" }),
  ...duration("controlPlane.writeTimeout", { ...seconds, example: "60s" }),
  ...duration("controlPlane.idleTimeout", { ...seconds, example: "60s" }),
  ...duration("controlPlane.drainStallTimeout", {
    ...{ from: "1s", to: "24h", example: "5m", tooShort: "0.999s", tooLong: "1441m" },
  }),
  ...bounds("controlPlane.pprof.mutexRate", 0, 1_000_000),
  ...duration("controlPlane.pprof.blockRate", {
    ...{ from: "0s", to: "1h", example: "1ms", tooLong: "61m" },
  }),
  ...between({
    field: "spec.controlPlane.clientCASecretName",
    message:
      "clientCASecretName needs certSecretName, because clients can only be asked for certificates over HTTPS; set certSecretName as well",
    accepted: [api({ certSecretName: "api-tls", clientCASecretName: "clients" })],
    refused: [api({ clientCASecretName: "clients" }), api({ tls: true, clientCASecretName: "x" })],
  }),
  ...between({
    field: "spec.controlPlane.clientCertSecretName",
    message:
      "clientCertSecretName is only presented where clientCASecretName demands it; set clientCASecretName as well, or remove it",
    accepted: [
      api({ certSecretName: "a", clientCASecretName: "b", clientCertSecretName: "operator" }),
    ],
    refused: [api({ certSecretName: "a", clientCertSecretName: "operator" })],
  }),
  ...between({
    field: "spec.controlPlane.tlsMinVersion",
    message: "tlsMinVersion needs certSecretName; set it as well, or remove tlsMinVersion",
    accepted: [api({ certSecretName: "a", tlsMinVersion: "1.3" })],
    refused: [api({ tlsMinVersion: "1.3" })],
  }),
];
