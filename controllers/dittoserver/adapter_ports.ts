// Which ports a file protocol is reached on: one list for its Service and its NetworkPolicy, so
// that no port is shown that nobody lets in.

import type { DittoServerSpec } from "../../api/dittoserver.ts";
import { type Protocol, PROTOCOLS } from "./names.ts";

/** Where the server listens from its first start on, unless it is told otherwise. */
export const LISTENS = { nfs: 12049, smb: 1445 } as const;

/** The port of the portmapper that clients know. */
const PORTMAPPER = 111;

/** One port of a protocol. */
export interface AdapterPort {
  /** As the Go operator called it, so that a Service that is taken over keeps its node ports. */
  readonly name: string;
  /** Where clients come. */
  readonly port: number;
  /** Where the server listens. */
  readonly targetPort: number;
  readonly protocol: "TCP" | "UDP";
}

/** The protocols that are reached from outside of the pod: all that are not switched off. */
export function servedProtocols({ adapters }: DittoServerSpec): readonly Protocol[] {
  return PROTOCOLS.filter((protocol) => adapters[protocol].enabled !== false);
}

/**
 * The ports of a protocol. Multicast discovery is none of them: it ends at the pod network.
 * `mapped` asks also for the port that the server listens on, as the Go operator's Services had it.
 */
export function adapterPorts(
  { adapters }: DittoServerSpec,
  protocol: Protocol,
  mapped = false,
): readonly AdapterPort[] {
  const { port: listens = LISTENS[protocol], servicePort } = adapters[protocol];
  const name = `adapter-${protocol}`;
  const { udp, portmapper } = protocol === "nfs" ? adapters.nfs : {};
  const ports = [tcp(name, servicePort, listens)];
  if (portmapper?.enabled) ports.push(tcp("portmap", PORTMAPPER, portmapper.port));
  // The portmapper sends clients to the port that the server listens on, whatever the Service
  // calls it (RegisterDittoFSServices in the server).
  if ((mapped || portmapper?.enabled) && servicePort !== listens) {
    ports.push(tcp(`${name}-mapped`, listens, listens));
  }
  return udp ? ports.flatMap((port) => [port, overUdp(port)]) : ports;
}

function tcp(name: string, port: number, targetPort: number): AdapterPort {
  return { name, port, targetPort, protocol: "TCP" };
}

function overUdp(port: AdapterPort): AdapterPort {
  return { ...port, name: `${port.name}-udp`, protocol: "UDP" };
}
