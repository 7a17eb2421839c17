// The blocks `controlplane` and `metrics`: the two ports of the server that speak HTTP.

import type { DittoServerSpec } from "../../../api/dittoserver.ts";
import { nanosecondsOf } from "../../duration.ts";
import { secretPath, type SecretVolume } from "../secret_files.ts";
import { type ConfigBlock, unless } from "./block.ts";

/** The default is the loopback address, which no Service and no probe can reach. */
const EVERYWHERE = "0.0.0.0";

/** `controlplane`. The key that tokens are signed with comes from the environment. */
export function controlPlaneConfig(
  { controlPlane, identity: { jwt } }: DittoServerSpec,
): ConfigBlock {
  const { pprof } = controlPlane;
  return {
    host: EVERYWHERE,
    port: controlPlane.port,
    read_timeout: unless("10s", controlPlane.readTimeout),
    write_timeout: controlPlane.writeTimeout,
    idle_timeout: unless("60s", controlPlane.idleTimeout),
    drain_stall_timeout: controlPlane.drainStallTimeout,
    jwt: {
      access_token_duration: jwt.accessTokenDuration,
      refresh_token_duration: jwt.refreshTokenDuration,
    },
    tls: tlsConfig(controlPlane, ["tls-cert", "tls-client-ca"], controlPlane.tlsMinVersion),
    require_initial_password_change: controlPlane.requireInitialPasswordChange,
    ...(pprof?.enabled && {
      pprof: true,
      pprof_mutex_rate: pprof.mutexRate,
      pprof_block_rate_ns: pprof.blockRate && nanosecondsOf(pprof.blockRate),
    }),
  };
}

/** `metrics`; nothing while they are off. */
export function metricsConfig({ metrics }: DittoServerSpec): ConfigBlock {
  if (!metrics.enabled) return {};
  const { port, path, bearerTokenSecret, tls } = metrics;
  return {
    enabled: true,
    host: EVERYWHERE,
    port,
    path,
    auth: bearerTokenSecret ? "token" : "none",
    token_file: bearerTokenSecret && secretPath("metrics-token", "token"),
    tls: tls && tlsConfig(tls, ["metrics-tls", "metrics-tls-client-ca"], tls.minVersion),
  };
}

interface TlsSecrets {
  readonly certSecretName?: string | undefined;
  readonly clientCASecretName?: string | undefined;
}

function tlsConfig(
  { certSecretName, clientCASecretName }: TlsSecrets,
  [pair, authorities]: readonly [SecretVolume, SecretVolume],
  minVersion: string | undefined,
): ConfigBlock | undefined {
  if (!certSecretName) return undefined;
  return {
    cert_file: secretPath(pair, "tls.crt"),
    key_file: secretPath(pair, "tls.key"),
    client_ca: clientCASecretName && secretPath(authorities, "ca.crt"),
    min_version: minVersion,
  };
}
