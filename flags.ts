// The command line of the operator.

import { parseArgs } from "node:util";

/** What the command line asks for. */
export interface Flags {
  readonly kubeconfig?: string | undefined;
  readonly context?: string | undefined;
  /** The only namespace to work in; absent: all. */
  readonly namespace?: string | undefined;
  readonly leaderElect: boolean;
  /** Namespace of the leader lease; absent: that of the credentials. */
  readonly leaderElectionNamespace?: string | undefined;
  readonly healthPort: number;
  readonly metricsPort: number;
  readonly logLevel: "debug" | "info" | "error";
}

/** The command line was not understood; the message says what of it. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

export const USAGE = `The DittoFS operator: turns DittoServer resources into running servers.

Usage: dittofs-operator run [options]

Options
  --kubeconfig FILE       kubeconfig to use (default: the files in KUBECONFIG, else the service
                          account of the pod, else ~/.kube/config)
  --context NAME          context of the kubeconfig (default: its current-context)
  --namespace NAME        work in this namespace only (default: all namespaces)
  --leader-elect          wait for the leader lease, so that several copies can run
  --leader-election-namespace NAME
                          namespace of the lease (default: that of the credentials)
  --health-port PORT      port of /healthz and /readyz; 0 switches them off (default: 8081)
  --metrics-port PORT     port of /metrics; 0 switches it off (default: 8080)
  --log-level LEVEL       debug, info or error (default: info)
  --help                  print this
  --version               print the version
`;

/** Reads the command line, or says which text to print instead of running. */
export function readFlags(args: readonly string[]): Flags | "help" | "version" {
  const { values, positionals } = parsed(args);
  if (values.help || positionals[0] === "help") return "help";
  if (values.version || positionals[0] === "version") return "version";
  if (positionals[0] !== "run" || positionals.length > 1) {
    const what = positionals.length === 0
      ? "no command"
      : `unknown command "${positionals.join(" ")}"`;
    throw new UsageError(`${what}; the command is "run"`);
  }
  const level = values["log-level"];
  if (level !== "debug" && level !== "info" && level !== "error") {
    throw new UsageError(`--log-level is "${level}"; it can be debug, info or error`);
  }
  return {
    kubeconfig: values.kubeconfig,
    context: values.context,
    namespace: values.namespace,
    leaderElect: values["leader-elect"],
    leaderElectionNamespace: values["leader-election-namespace"],
    healthPort: portOf("health-port", values["health-port"]),
    metricsPort: portOf("metrics-port", values["metrics-port"]),
    logLevel: level,
  };
}

function portOf(flag: string, text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    throw new UsageError(`--${flag} is "${text}"; it can be 0 to 65535`);
  }
  return port;
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        kubeconfig: { type: "string" },
        context: { type: "string" },
        namespace: { type: "string" },
        "leader-elect": { type: "boolean", default: false },
        "leader-election-namespace": { type: "string" },
        "health-port": { type: "string", default: "8081" },
        "metrics-port": { type: "string", default: "8080" },
        "log-level": { type: "string", default: "info" },
        help: { type: "boolean", default: false },
        version: { type: "boolean", default: false },
      },
    });
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    throw new UsageError(cause.message);
  }
}
