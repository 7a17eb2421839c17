// Health of this process, for probes.
//
// `/healthz` answers as long as the event loop turns: an API server that is down is no reason
// to restart us. `/readyz` is about the first synchronisation alone, for the same reason.

/** Where to listen and what to say. */
export interface HealthOptions {
  readonly hostname: string;
  readonly port: number;
  /** Whether every watch has seen its whole state once. */
  readonly isReady: () => boolean;
  readonly signal: AbortSignal;
}

/** Serves the probes until the signal aborts. Resolves when it has ended. */
export function serveHealth({ hostname, port, isReady, signal }: HealthOptions): Promise<void> {
  const handler = (request: Request) => {
    switch (new URL(request.url).pathname) {
      case "/healthz":
        return new Response("ok\n");
      case "/readyz":
        return isReady()
          ? new Response("ok\n")
          : new Response("not all watches have synchronised yet\n", { status: 503 });
      default:
        return new Response("not found\n", { status: 404 });
    }
  };
  return Deno.serve({ hostname, port, signal, onListen: () => {} }, handler).finished;
}
