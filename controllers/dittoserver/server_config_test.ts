import assert from "node:assert/strict";
import { parse } from "yaml";
import { testServer } from "./_fixture.ts";
import { serverConfig } from "./server_config.ts";

Deno.test("serverConfig() of a minimal spec says what a pod needs and nothing secret", () => {
  assert.deepEqual(parse(serverConfig(testServer().spec)), {
    logging: { level: "INFO", format: "json", output: "stdout" },
    shutdown_timeout: "30s",
    database: { type: "sqlite", sqlite: { path: "/data/controlplane/controlplane.db" } },
    controlplane: {
      host: "0.0.0.0",
      port: 8080,
      write_timeout: "60s",
      jwt: { access_token_duration: "15m", refresh_token_duration: "168h" },
    },
    metadata: { badger: { block_cache_mb: 64, index_cache_mb: 32 } },
  });
});

Deno.test("serverConfig() follows logging and controlPlane.port", () => {
  const { spec } = testServer({
    logging: { level: "DEBUG", format: "text" },
    controlPlane: { port: 9443 },
  });
  const config = parse(serverConfig(spec));
  assert.deepEqual(config.logging, { level: "DEBUG", format: "text", output: "stdout" });
  assert.equal(config.controlplane.port, 9443);
});

Deno.test("serverConfig() gives every duration a unit, because a bare number is nanoseconds", () => {
  const durations = serverConfig(testServer().spec).match(/\S*(timeout|duration)\S*: \S+/g) ?? [];
  assert.equal(durations.length, 4);
  for (const duration of durations) assert.match(duration, /: \d+[smh]$/);
});
