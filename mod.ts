// The operator: what it is made of and how it ends. Wiring only.

import "./api/no_jit.ts";
import config from "./deno.json" with { type: "json" };
import { OPERATOR } from "./controllers/dittoserver/names.ts";
import { operatorControllers } from "./controllers/operator.ts";
import { tcpDial as dial } from "./controllers/dittoserver/rest/dial.ts";
import { FetchHttp } from "./dittofs/fetch_http.ts";
import type { TlsFiles } from "./dittofs/http.ts";
import { type Flags, readFlags, USAGE, UsageError } from "./flags.ts";
import { Api } from "./kube/api.ts";
import { systemClock as clock } from "./kube/clock.ts";
import { AccessError } from "./kube/cluster_access.ts";
import { connect } from "./kube/connect.ts";
import { EventRecorder } from "./kube/events.ts";
import { serveHealth, serveMetrics } from "./kube/health.ts";
import { jsonLogger } from "./kube/log.ts";
import { Metrics } from "./kube/metrics.ts";
import { Program } from "./kube/program.ts";
import { Transport } from "./kube/transport.ts";

/** How long requests under way may take after the signal to stop. */
const PATIENCE_MS = 3_000;

const random = Math.random;
const http = (tls: TlsFiles) => new FetchHttp(tls);
const randomBytes = (length: number) => crypto.getRandomValues(new Uint8Array(length));

async function run(flags: Flags): Promise<void> {
  const stop = new AbortController();
  const { signal } = stop;
  for (const name of ["SIGTERM", "SIGINT"] as const) {
    Deno.addSignalListener(name, () => stop.abort());
  }
  const log = jsonLogger(print, flags.logLevel);
  const access = await connect(flags, clock);
  const metrics = new Metrics(clock, "dittofs_operator");
  using transport = new Transport(access, `${OPERATOR}/${config.version}`);
  const { host } = new URL(access.server);
  const api = new Api(transport, clock, (...answer) => metrics.request(host, ...answer));
  // Work in hand is finished, but a server that does not answer must not hold us up.
  const onPatienceEnd = (callback: () => void) =>
    signal.addEventListener("abort", () => clock.timer(PATIENCE_MS, callback));
  onPatienceEnd(() => api.close());
  log.info("starting", { version: config.version, server: access.server, source: access.source });

  const instance = `${Deno.env.get("HOSTNAME") ?? OPERATOR}_${crypto.randomUUID()}`;
  const events = new EventRecorder(api, clock, log, OPERATOR, instance);
  const operatorNamespace = access.inCluster && access.namespace;
  const context = { api, events, clock, random, randomBytes, log, metrics, operatorNamespace };
  const { controllers, watched, close } = operatorControllers({ ...context, http, dial });
  onPatienceEnd(close);
  const election = {
    namespace: flags.leaderElectionNamespace ?? access.namespace ?? "default",
    name: OPERATOR,
    identity: instance,
    onChange: (leads: boolean) => {
      metrics.leading(OPERATOR, leads);
      // Another copy may lead by now: nothing of ours may follow on any server.
      if (!leads) close();
    },
  };
  const program = new Program({
    ...{ ...context, watched, controllers, namespace: flags.namespace },
    ...(flags.leaderElect && { election }),
  });
  const listen = (port: number) => ({ hostname: "0.0.0.0", port, signal });
  const servers = [
    flags.healthPort && serveHealth(listen(flags.healthPort), () => program.isSynced),
    flags.metricsPort && serveMetrics(listen(flags.metricsPort), metrics),
  ];
  metrics.sample(signal);
  await program.run(signal);
  await Promise.all(servers);
}

/** Writes a line; all of it has been handed to the system when this returns. */
function print(line: string, stream: { writeSync(bytes: Uint8Array): number } = Deno.stdout): void {
  let rest = new TextEncoder().encode(`${line}\n`);
  while (rest.length > 0) rest = rest.subarray(stream.writeSync(rest));
}

/** Ends the process with one line that says what to do, where that is known. */
function fail(error: unknown): never {
  // Nobody reads any more, as after `| head`.
  if (error instanceof Deno.errors.BrokenPipe) Deno.exit(1);
  const expected = error instanceof UsageError || error instanceof AccessError;
  print(expected ? `${OPERATOR}: ${error.message}` : Deno.inspect(error), Deno.stderr);
  if (error instanceof UsageError) print("Try --help", Deno.stderr);
  Deno.exit(error instanceof UsageError ? 2 : 1);
}

if (import.meta.main) {
  try {
    const flags = readFlags(Deno.args);
    if (flags === "help") print(USAGE.trimEnd());
    else if (flags === "version") print(`${OPERATOR} ${config.version}`);
    else await run(flags);
    Deno.exit(0);
  } catch (error) {
    fail(error);
  }
}
