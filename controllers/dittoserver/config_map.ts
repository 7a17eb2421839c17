// The ConfigMap with the server's configuration file.

import type { ConfigMap } from "../../api/kubernetes/types.ts";
import { childMeta, type Server } from "./server.ts";
import { serverConfig } from "./server_config.ts";

/** The key of the file in the ConfigMap. */
export const CONFIG_FILE = "config.yaml";

export function configMap(server: Server): ConfigMap {
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: childMeta(server, server.names.configMap),
    data: { [CONFIG_FILE]: serverConfig(server.spec) },
  };
}
