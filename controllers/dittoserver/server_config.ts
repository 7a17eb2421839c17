// The server's configuration file.
//
// It holds nothing secret: the JWT key and the admin password reach the server through its
// environment. Durations carry a unit, because the server reads a bare number as nanoseconds.

import { stringify } from "yaml";
import type { DittoServerSpec } from "../../api/dittoserver.ts";
import { CONTROL_PLANE_DIRECTORY } from "./volumes.ts";

/** Bound of each stage of the server's shutdown, in seconds. */
export const SHUTDOWN_TIMEOUT_SECONDS = 30;

/** Texts that were written lately: most servers share one, and writing YAML is slow. */
const written = new Map<string, string>();
const WRITTEN_AT_MOST = 64;

/** The text of `config.yaml`. The same spec gives the same text. */
export function serverConfig(spec: DittoServerSpec): string {
  const content = configOf(spec);
  const key = JSON.stringify(content);
  let text = written.get(key);
  if (text === undefined) {
    if (written.size >= WRITTEN_AT_MOST) written.clear();
    text = stringify(content);
    written.set(key, text);
  }
  return text;
}

function configOf({ logging, controlPlane }: DittoServerSpec) {
  return {
    logging: { level: logging.level, format: logging.format, output: logging.output },
    shutdown_timeout: `${SHUTDOWN_TIMEOUT_SECONDS}s`,
    database: {
      type: "sqlite",
      sqlite: { path: `${CONTROL_PLANE_DIRECTORY}/controlplane.db` },
    },
    controlplane: {
      // The default is the loopback address, which no Service and no probe can reach.
      host: "0.0.0.0",
      port: controlPlane.port,
      // Listing shares takes 30 s while an S3 endpoint is dead; the default would cut it off.
      write_timeout: "60s",
      jwt: { access_token_duration: "15m", refresh_token_duration: "168h" },
    },
    // Left alone, each store takes 22 % of the memory of the whole node for its caches.
    metadata: { badger: { block_cache_mb: 64, index_cache_mb: 32 } },
  };
}
