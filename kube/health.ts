// Health of this process, for probes.
//
// `/healthz` answers as long as the event loop turns: an API server that is down is no reason
// to restart us. `/readyz` is about the first synchronisation alone, for the same reason.
// `/metrics` stands beside them, on a port of its own so that policies can tell them apart.

/** Where to listen. */
export interface ListenOptions {
  readonly hostname: string;
  readonly port: number;
  /** Ends the server. */
  readonly signal: AbortSignal;
}

/** Serves the probes. `isReady` says whether every watch has seen its whole state once. */
export function serveHealth(options: ListenOptions, isReady: () => boolean): Promise<void> {
  return serve(options, {
    "/healthz": () => text(200, "ok"),
    "/readyz": () =>
      isReady() ? text(200, "ok") : text(503, "not all watches have synchronised yet"),
  });
}

/** Serves the exposition of the metrics. */
export function serveMetrics(
  options: ListenOptions,
  metrics: { readonly contentType: string; text(): Promise<string> },
): Promise<void> {
  return serve(options, {
    "/metrics": async () =>
      new Response(await metrics.text(), { headers: { "content-type": metrics.contentType } }),
  });
}

type Routes = Readonly<Record<string, () => Response | Promise<Response>>>;

/** Resolves when the server has ended. */
function serve(options: ListenOptions, routes: Routes): Promise<void> {
  return Deno.serve({ ...options, onListen: () => {} }, (request) => {
    const route = routes[new URL(request.url).pathname];
    return route ? route() : text(404, "not found");
  }).finished;
}

function text(status: number, line: string): Response {
  return new Response(`${line}\n`, { status });
}
