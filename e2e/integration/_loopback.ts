// A pod's paths and ports, and what stands for them on this machine. Paths lie below a directory
// of the pod's own, and each of its ports is a free one of loopback. What goes to the server over
// REST is translated, and its answers back, so that its clients see a server in a pod.

import { freePort } from "../harness/ports.ts";

/** Where every pod has its data, whatever is mounted there. */
const DATA = "/data";

/** One pod's translation. */
export class Loopback {
  readonly #directory: string;
  readonly #byPodPort = new Map<number, number>();
  readonly #byLoopbackPort = new Map<number, number>();
  #roots: readonly string[] = [DATA];

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** The directories of the pod that are moved, besides its data. */
  set mounts(paths: readonly string[]) {
    this.#roots = [DATA, ...paths.filter((path) => !path.startsWith(`${DATA}/`))];
  }

  /** The port of this machine that stands for a port of the pod. */
  port(podPort: number): number {
    let port = this.#byPodPort.get(podPort);
    if (port === undefined) {
      port = freePort();
      this.#byPodPort.set(podPort, port);
      this.#byLoopbackPort.set(port, podPort);
    }
    return port;
  }

  /** The path on this machine. */
  path(podPath: string): string {
    return this.#isMoved(podPath) ? this.#directory + podPath : podPath;
  }

  /** The body of a request as the server on this machine has to get it. */
  request(urlPath: string, body: string): string {
    const roots = this.#roots.map((root) => RegExp.escape(root)).join("|");
    // A quote stands before a path also where a store's configuration is JSON within JSON.
    const moved = body.replace(new RegExp(`"(${roots})(?=[/"\\\\])`, "g"), `"${this.#directory}$1`);
    return withPorts(urlPath, moved, (port) => this.port(port));
  }

  /** The body of its answer as a server in a pod would have given it. */
  answer(urlPath: string, body: string): string {
    const moved = body.replaceAll(`${this.#directory}/`, "/");
    return withPorts(urlPath, moved, (port) => this.#byLoopbackPort.get(port) ?? port);
  }

  #isMoved(path: string): boolean {
    return this.#roots.some((root) => path === root || path.startsWith(`${root}/`));
  }
}

/** Ports are in what is said about adapters, and nowhere else. */
function withPorts(urlPath: string, body: string, map: (port: number) => number): string {
  if (!/\/adapters(\/|$)/.test(urlPath)) return body;
  let content: unknown;
  try {
    content = JSON.parse(body);
  } catch {
    return body;
  }
  return JSON.stringify(mapped(content, map));
}

const PORT_FIELDS = new Set(["port", "portmapper_port"]);

function mapped(value: unknown, map: (port: number) => number): unknown {
  if (Array.isArray(value)) return value.map((item) => mapped(item, map));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([field, inner]) => [
      field,
      // 0 asks for the server's own default.
      typeof inner === "number" && inner > 0 && PORT_FIELDS.has(field)
        ? map(inner)
        : mapped(inner, map),
    ]),
  );
}
