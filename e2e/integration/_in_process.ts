// The operator's controller within the test's own process, so that faults can be put between it
// and the API server.

import { operatorControllers } from "../../controllers/operator.ts";
import type { HttpFactory } from "../../controllers/connections/connections.ts";
import type { Dial } from "../../controllers/dittoserver/rest/dial.ts";
import type { RandomBytes } from "../../controllers/dittoserver/secrets.ts";
import { ServerUnreachableError } from "../../dittofs/errors.ts";
import type { Http } from "../../dittofs/http.ts";
import { Api } from "../../kube/api.ts";
import { systemClock as clock } from "../../kube/clock.ts";
import { connect } from "../../kube/connect.ts";
import { EventRecorder } from "../../kube/events.ts";
import { jsonLogger } from "../../kube/log.ts";
import { Metrics } from "../../kube/metrics.ts";
import { Program } from "../../kube/program.ts";
import type { RestClient } from "../../kube/rest_client.ts";
import { Transport } from "../../kube/transport.ts";
import type { TestPlane } from "./_plane.ts";

/** A running controller. */
export interface InProcess extends AsyncDisposable {
  readonly program: Program;
  /** What it has logged so far. */
  readonly lines: readonly string[];
  readonly metrics: Metrics;
  /** Has it look at a server over REST at once, as its slow check does. */
  readonly hurry: (serverKey: string) => void;
}

/** What is special about one run. */
export interface InProcessOptions {
  /** The only namespace to work in. @default all */
  readonly namespace?: string | undefined;
  readonly userAgent: string;
  /** Puts something between the controller and the API server. */
  readonly through?: (client: RestClient) => RestClient;
  /** How servers are reached. @default not at all */
  readonly http?: HttpFactory;
  readonly dial?: Dial;
  /** @default the same in every run, so that runs can be compared by the digests of their Secrets */
  readonly randomBytes?: RandomBytes;
}

/** Starts the controller; disposing of it lets it come to rest. */
export async function runInProcess(
  ground: TestPlane,
  options: InProcessOptions,
): Promise<InProcess> {
  const { namespace, userAgent, through = (client) => client } = options;
  const { http = () => UNREACHABLE, dial = unreachable, randomBytes = sevens } = options;
  const access = await connect({ kubeconfig: ground.plane.kubeconfig() }, clock);
  const transport = new Transport(access, userAgent);
  const api = new Api(through(transport), clock);
  const lines: string[] = [];
  const log = jsonLogger((line) => lines.push(line), "debug");
  const context = {
    ...{ api, clock, log, random: Math.random },
    events: new EventRecorder(api, clock, log, "dittofs-operator", "test"),
    metrics: new Metrics(clock, "test"),
    randomBytes,
    operatorNamespace: undefined,
  };
  const { controllers, watched, hurry, close } = operatorControllers({
    ...{ ...context, dial, http },
  });
  const program = new Program({ ...context, namespace, watched, controllers });
  const stop = new AbortController();
  const running = program.run(stop.signal);
  return {
    ...{ program, lines, hurry, metrics: context.metrics },
    async [Symbol.asyncDispose]() {
      stop.abort();
      close();
      await running;
      transport[Symbol.dispose]();
    },
  };
}

const sevens = (length: number) => new Uint8Array(length).fill(7);

/** As where no cluster's names are known: neither yes nor no about a server follows from it. */
const unreachable = () => Promise.reject(new ServerUnreachableError("dns", "nobody is known here"));
const UNREACHABLE: Http = { send: unreachable, close: () => {} };
