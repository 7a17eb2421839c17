// Where the server is reached, for its status: as the live Services have it, because a load
// balancer gets its address from somebody else and later.

import type { Service } from "../../api/kubernetes/types.ts";
import type { DittoServerSpec, DittoServerStatus } from "../../api/dittoserver.ts";
import { servedProtocols } from "./adapter_ports.ts";
import { API_PORT, type Protocol } from "./names.ts";
import type { Server } from "./server.ts";

/** The endpoints in the status. One is absent while there is no Service for it. */
export type Endpoints = Pick<DittoServerStatus, "nfsEndpoint" | "smbEndpoint" | "apiEndpoint">;

/** The endpoints; `live` finds a Service of ours by its name, as it is in the cluster. */
export function endpointsOf(
  server: Server,
  live: (name: string) => Service | undefined,
): Endpoints {
  const { spec, names } = server;
  const served = (protocol: Protocol) =>
    servedProtocols(spec).includes(protocol)
      ? address(live(names.adapterService(protocol)), `adapter-${protocol}`)
      : undefined;
  const [nfs, smb] = [served("nfs"), served("smb")];
  const api = address(live(names.apiService), API_PORT);
  return {
    ...(nfs && { nfsEndpoint: nfs }),
    ...(smb && { smbEndpoint: smb }),
    ...(api && { apiEndpoint: `${apiScheme(spec)}://${api}` }),
  };
}

/** What the REST API is spoken over: the server's own encryption, or that of a mesh before it. */
export function apiScheme({ controlPlane }: DittoServerSpec): "http" | "https" {
  return controlPlane.certSecretName || controlPlane.tls ? "https" : "http";
}

/** HOST:PORT of a Service: its load balancer once it has one, else its name in the cluster. */
function address(service: Service | undefined, port: string): string | undefined {
  const number = service?.spec?.ports?.find(({ name }) => name === port)?.port;
  if (!service?.metadata?.name || number === undefined) return undefined;
  return `${balancer(service) ?? clusterName(service)}:${number}`;
}

function balancer({ spec, status }: Service): string | undefined {
  if (spec?.type !== "LoadBalancer") return undefined;
  const { hostname, ip } = status?.loadBalancer?.ingress?.[0] ?? {};
  return hostname || (ip?.includes(":") ? `[${ip}]` : ip);
}

/** Without the cluster's own domain, which only its name servers know. */
function clusterName({ metadata }: Service): string {
  return `${metadata?.name}.${metadata?.namespace}.svc`;
}
