// The command line of the operator.

import arg from "arg";

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

const OPTIONS = {
  "--kubeconfig": String,
  "--context": String,
  "--namespace": String,
  "--leader-elect": Boolean,
  "--leader-election-namespace": String,
  "--health-port": String,
  "--metrics-port": String,
  "--log-level": String,
  "--help": Boolean,
  "--version": Boolean,
};

/** Reads the command line, or says which text to print instead of running. */
export function readFlags(args: readonly string[]): Flags | "help" | "version" {
  const { _: words, ...options } = parsed(args);
  if (options["--help"] || words[0] === "help") return "help";
  if (options["--version"] || words[0] === "version") return "version";
  if (words[0] !== "run" || words.length > 1) {
    const what = words.length === 0 ? "no command" : `unknown command "${words.join(" ")}"`;
    throw new UsageError(`${what}; the command is "run"`);
  }
  const { "--log-level": logLevel = "info" } = options;
  if (logLevel !== "debug" && logLevel !== "info" && logLevel !== "error") {
    throw new UsageError(`--log-level is "${logLevel}"; it can be debug, info or error`);
  }
  return {
    kubeconfig: options["--kubeconfig"],
    context: options["--context"],
    namespace: options["--namespace"],
    leaderElect: options["--leader-elect"] ?? false,
    leaderElectionNamespace: options["--leader-election-namespace"],
    healthPort: portOf("--health-port", options["--health-port"] ?? "8081"),
    metricsPort: portOf("--metrics-port", options["--metrics-port"] ?? "8080"),
    logLevel,
  };
}

function portOf(option: string, text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    throw new UsageError(`${option} is "${text}"; it can be 0 to 65535`);
  }
  return port;
}

function parsed(args: readonly string[]) {
  for (const [option, type] of Object.entries(OPTIONS)) {
    // The parser would take no notice of the value.
    if (type === Boolean && args.some((given) => given.startsWith(`${option}=`))) {
      throw new UsageError(`${option} takes no value`);
    }
  }
  try {
    return arg(OPTIONS, { argv: [...args] });
  } catch (cause) {
    if (!(cause instanceof arg.ArgError)) throw cause;
    throw new UsageError(cause.message);
  }
}
