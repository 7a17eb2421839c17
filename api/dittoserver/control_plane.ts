// The REST API of the server.

import * as z from "zod";
import { duration, objectName, port, tlsVersion } from "../fields.ts";
import { rules } from "../schema.ts";

const profiling = z.object({
  enabled: z.boolean().default(false).meta({
    description: "Serves /debug/pprof to administrators on the port of the API.",
  }),
  mutexRate: z.int().min(0).max(1_000_000).optional().meta({
    description: "One in so many mutex contentions is sampled; the default is 100.",
    examples: [100],
  }),
  blockRate: duration("0s", "1h", "1ms").optional().meta({
    description: "One blocking event per so much time blocked is sampled; the default is 1ms.",
  }),
});

export const controlPlane = z.object({
  port: port(8080).default(8080).meta({
    description:
      "TCP port of the REST API. The server runs without privileges, so most nodes refuse it a port below 1024.",
  }),
  tls: z.boolean().default(false).meta({
    description:
      "Says that a mesh or a side-car serves the API over HTTPS, so that the operator calls it that way. With certSecretName the server does so itself, whatever this says.",
  }),
  certSecretName: objectName("files-api-tls").optional().meta({
    description:
      "Secret with tls.crt and tls.key, as cert-manager writes them: the server then answers over HTTPS, and the operator trusts ca.crt of the same Secret. A renewed certificate is picked up without a restart.",
  }),
  clientCASecretName: objectName("files-client-ca").optional().meta({
    description:
      "Secret with ca.crt: clients of the API must then present a certificate that it has signed. It needs certSecretName.",
  }),
  clientCertSecretName: objectName("files-operator-client").optional().meta({
    description:
      "Secret with tls.crt and tls.key that the operator presents to the API where clientCASecretName demands certificates.",
  }),
  tlsMinVersion: tlsVersion.optional().meta({
    description: "The oldest version of TLS that is spoken.",
    examples: ["1.3"],
  }),
  readTimeout: duration("1s", "1h", "10s").default("10s").meta({
    description: "How long reading a request may take.",
  }),
  writeTimeout: duration("1s", "1h", "60s").default("60s").meta({
    description:
      "How long answering a request may take. Listing shares takes 30 s while an S3 endpoint is dead.",
  }),
  idleTimeout: duration("1s", "1h", "60s").default("60s").meta({
    description: "How long an idle connection is kept open.",
  }),
  drainStallTimeout: duration("1s", "24h", "5m").optional().meta({
    description:
      "How long draining uploads to S3 may make no progress before it gives up; the default is 5m.",
  }),
  requireInitialPasswordChange: z.boolean().optional().meta({
    description:
      "Whether an admin password that the server made up itself has to be changed at the first login. The operator always gives it one, so this has no effect unless the server is moved elsewhere.",
  }),
  pprof: profiling.optional().meta({ description: "Profiling of the server, for its developers." }),
}).meta(rules(
  {
    rule: "!has(self.clientCASecretName) || has(self.certSecretName)",
    message:
      "clientCASecretName needs certSecretName, because clients can only be asked for certificates over HTTPS; set certSecretName as well",
    fieldPath: ".clientCASecretName",
  },
  {
    rule: "!has(self.clientCertSecretName) || has(self.clientCASecretName)",
    message:
      "clientCertSecretName is only presented where clientCASecretName demands it; set clientCASecretName as well, or remove it",
    fieldPath: ".clientCertSecretName",
  },
  {
    rule: "!has(self.tlsMinVersion) || has(self.certSecretName)",
    message: "tlsMinVersion needs certSecretName; set it as well, or remove tlsMinVersion",
    fieldPath: ".tlsMinVersion",
  },
));
