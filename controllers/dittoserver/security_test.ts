import assert from "node:assert/strict";
import { containerSecurityContext, podSecurityContext } from "./security.ts";

const hardened = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ["ALL"] },
  readOnlyRootFilesystem: true,
  runAsNonRoot: true,
  seccompProfile: { type: "RuntimeDefault" },
};

const containers: [string, Parameters<typeof containerSecurityContext>[0], object][] = [
  ["is hardened without a wish", undefined, hardened],
  ["keeps dropping the others when a capability is added", {
    capabilities: { add: ["NET_BIND_SERVICE"] },
  }, { ...hardened, capabilities: { drop: ["ALL"], add: ["NET_BIND_SERVICE"] } }],
  ["drops what the user says", { capabilities: { drop: ["KILL"] } }, {
    ...hardened,
    capabilities: { drop: ["KILL"] },
  }],
  ["relaxes one field and no other", { readOnlyRootFilesystem: false }, {
    ...hardened,
    readOnlyRootFilesystem: false,
  }],
];
for (const [what, wish, wanted] of containers) {
  Deno.test(`containerSecurityContext() ${what}`, () => {
    assert.deepEqual(containerSecurityContext(wish), wanted);
  });
}

Deno.test("podSecurityContext() keeps the rest when the user sets one field (W58)", () => {
  const { fsGroup, ...rest } = podSecurityContext({ fsGroup: 1000 });
  assert.equal(fsGroup, 1000);
  assert.deepEqual(rest, {
    runAsNonRoot: true,
    runAsUser: 65532,
    runAsGroup: 65532,
    fsGroupChangePolicy: "OnRootMismatch",
    seccompProfile: { type: "RuntimeDefault" },
  });
});
