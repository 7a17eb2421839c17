// The spans that Deno exports by itself, from a program of their own: it decides when it starts.

import assert from "node:assert/strict";

interface Span {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly kind: number;
  readonly attributes?: readonly {
    readonly key: string;
    readonly value: { stringValue?: string };
  }[];
}

interface Export {
  readonly resourceSpans?: readonly {
    readonly scopeSpans: readonly { readonly spans: readonly Span[] }[];
  }[];
}

/** OTLP's number for a request that is sent. */
const CLIENT = 3;

/** All spans that a run of the program exports with these settings. */
async function spansOf(settings: Record<string, string>): Promise<Span[]> {
  const spans: Span[] = [];
  await using receiver = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async (request) => {
      const { resourceSpans = [] }: Export = await request.json();
      spans.push(...resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((s) => s.spans)));
      return Response.json({});
    },
  );
  const program = new URL("testing/traced_program.ts", import.meta.url);
  // What is exported at the end of a program is exported before it has ended.
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--allow-net=127.0.0.1", "--allow-env", program.pathname],
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${receiver.addr.port}`,
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
      ...settings,
    },
  }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
  return spans;
}

Deno.test("traced() makes a span of a reconcile, and each request to the API server is its child", async () => {
  const spans = await spansOf({ OTEL_DENO: "true" });
  const reconciles = spans.filter(({ name }) => name === "reconcile thing");
  const requests = spans.filter(({ kind }) => kind === CLIENT);
  assert.deepEqual([reconciles.length, requests.length], [1, 1], Deno.inspect(spans));
  const [reconcile, request] = [...reconciles, ...requests];
  assert.deepEqual(reconcile?.attributes, [
    { key: "k8s.object.key", value: { stringValue: "default/a" } },
  ]);
  assert.equal(request?.parentSpanId, reconcile?.spanId);
  assert.equal(request?.traceId, reconcile?.traceId);
});

Deno.test("traced() exports nothing unless it is asked to", async () => {
  assert.deepEqual(await spansOf({ OTEL_DENO: "false" }), []);
});
