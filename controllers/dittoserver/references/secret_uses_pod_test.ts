// Two tables name the Secrets of a server: what its pod mounts and reads, and what is watched and
// checked. They have to say the same.

import assert from "node:assert/strict";
import { everything } from "../_everything.ts";
import { testServer } from "../_fixture.ts";
import { podTemplate } from "../pod.ts";
import { secretUses } from "./secret_uses.ts";

for (const [name, spec] of Object.entries({ minimal: {}, everything })) {
  Deno.test(`secretUses() names the Secrets that the pod of a server consumes: ${name}`, () => {
    const server = testServer(spec);
    const databaseSecret = server.spec.database.postgresSecretRef?.name;
    const facts = { claims: [], configHash: "", databaseSecret };
    const { containers = [], volumes = [] } = podTemplate(server, facts).spec ?? {};
    const consumed = new Set([
      ...containers.flatMap(({ env }) => env ?? [])
        .flatMap(({ valueFrom }) => valueFrom?.secretKeyRef?.name ?? []),
      ...volumes.flatMap(({ secret }) => secret?.secretName ?? []),
      ...volumes.flatMap(({ projected }) => projected?.sources ?? [])
        .flatMap(({ secret }) => secret?.name ?? []),
    ]);
    const used = secretUses(server).filter(({ operatorOnly }) => !operatorOnly);
    assert.ok(consumed.size >= 2);
    assert.deepEqual(
      [...new Set(used.map(({ secret }) => secret))].sort(),
      [...consumed].sort(),
    );
  });
}
