// Spans for OpenTelemetry. Deno exports them when OTEL_DENO is set, and adds one per request to
// the API server by itself; without it all this does nothing.

import { SpanStatusCode, trace } from "@opentelemetry/api";

/** Runs `act` within a span of its own. */
export function traced<V>(span: string, key: string, act: () => Promise<V>): Promise<V> {
  return trace.getTracer("kube").startActiveSpan(
    span,
    { attributes: { "k8s.object.key": key } },
    async (active) => {
      try {
        return await act();
      } catch (error) {
        active.recordException(error instanceof Error ? error : String(error));
        active.setStatus({ code: SpanStatusCode.ERROR });
        throw error;
      } finally {
        active.end();
      }
    },
  );
}
