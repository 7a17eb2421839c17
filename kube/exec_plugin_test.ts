// Credentials from a program: a shell script that counts how often it is run.

import assert from "node:assert/strict";
import { ConnectionError } from "./errors.ts";
import { ExecIdentity, type ExecPlugin } from "./exec_plugin.ts";
import { VirtualClock } from "./testing/virtual_clock.ts";

const START = Date.UTC(2030, 0, 1);

/** A plugin that runs `script`, where `$RUN` is the number of the run; and how often it ran. */
async function withPlugin(
  script: string,
  test: (identity: ExecIdentity, clock: VirtualClock, runs: () => Promise<number>) => Promise<void>,
  more: Partial<ExecPlugin> = {},
): Promise<void> {
  const directory = await Deno.makeTempDir();
  try {
    const log = `${directory}/runs`;
    await Deno.writeTextFile(log, "");
    const counted = `echo run >> ${log}; RUN=$(grep -c run ${log}); ${script}`;
    const clock = new VirtualClock(START);
    const plugin = { apiVersion: "client.authentication.k8s.io/v1", command: "/bin/sh", ...more };
    const identity = new ExecIdentity({ args: ["-c", counted], ...plugin }, clock);
    const runs = async () => (await Deno.readTextFile(log)).split("\n").length - 1;
    await test(identity, clock, runs);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

/** Prints an ExecCredential with these fields of `status`, in which `$RUN` is filled in. */
const prints = (status: Record<string, string>) =>
  `cat <<END\n${JSON.stringify({ kind: "ExecCredential", status })}\nEND\n`;

const expiring = (seconds: number) =>
  new Date(START + seconds * 1000).toISOString().replace(".000Z", "Z");

Deno.test("ExecIdentity runs the plugin once for many requests at a time, and then not again", async () => {
  await withPlugin(prints({ token: "token-$RUN" }), async (identity, clock, runs) => {
    const all = await Promise.all([identity.current(), identity.current(), identity.current()]);
    assert.deepEqual(all, Array(3).fill({ token: "token-1" }));
    await clock.advance(1_000_000_000);
    assert.deepEqual(await identity.current(), { token: "token-1" });
    assert.equal(await runs(), 1);
  });
});

Deno.test("ExecIdentity asks again a minute before the credential expires, once", async () => {
  const script = prints({ token: "token-$RUN", expirationTimestamp: expiring(3_600) });
  await withPlugin(script, async (identity, clock, runs) => {
    await identity.current();
    await clock.advance(3_539_000);
    assert.deepEqual(await identity.current(), { token: "token-1" });
    await clock.advance(1_000);
    const all = await Promise.all([identity.current(), identity.current(), identity.current()]);
    assert.deepEqual(all, Array(3).fill({ token: "token-2" }));
    assert.equal(await runs(), 2);
  });
});

Deno.test("ExecIdentity uses a short-lived credential for most of its life", async () => {
  const script = prints({ token: "token-$RUN", expirationTimestamp: expiring(50) });
  await withPlugin(script, async (identity, clock) => {
    await identity.current();
    await clock.advance(44_000);
    assert.deepEqual(await identity.current(), { token: "token-1" });
    await clock.advance(1_000);
    assert.deepEqual(await identity.current(), { token: "token-2" });
  });
});

Deno.test("ExecIdentity.renew() asks once for all requests that were refused", async () => {
  await withPlugin(prints({ token: "token-$RUN" }), async (identity, _clock, runs) => {
    await identity.current();
    const all = await Promise.all([identity.renew(), identity.renew()]);
    assert.deepEqual(all, Array(2).fill({ token: "token-2" }));
    assert.deepEqual(await identity.renew(), { token: "token-2" });
    assert.equal(await runs(), 2);
  });
});

Deno.test("ExecIdentity.renew() has nothing to offer if the plugin gives the same", async () => {
  await withPlugin(prints({ token: "same" }), async (identity) => {
    await identity.current();
    assert.equal(await identity.renew(), undefined);
  });
});

Deno.test("ExecIdentity takes a client certificate", async () => {
  const status = { clientCertificateData: "CERT", clientKeyData: "KEY" };
  await withPlugin(prints(status), async (identity) => {
    assert.deepEqual(await identity.current(), { certificate: { cert: "CERT", key: "KEY" } });
  });
});

Deno.test("ExecIdentity hands the plugin its environment and the contract", async () => {
  const script =
    'case "$KUBERNETES_EXEC_INFO" in *v1beta1*ExecCredential*false*) ;; *) exit 9 ;; esac; ' +
    prints({ token: "$MINE" });
  const more = {
    apiVersion: "client.authentication.k8s.io/v1beta1",
    env: [{ name: "MINE", value: "from the kubeconfig" }],
  };
  await withPlugin(script, async (identity) => {
    assert.deepEqual(await identity.current(), { token: "from the kubeconfig" });
  }, more);
});

const failures: [what: string, script: string, message: RegExp, more?: Partial<ExecPlugin>][] = [
  ["fails", "echo 'log in first' >&2; exit 3", /\/bin\/sh exited with 3: log in first$/],
  ["prints no JSON", "echo my secret", /\/bin\/sh printed no ExecCredential: it is not JSON$/],
  ["prints something else", "echo '{}'", /printed no ExecCredential: [^\n]*status$/],
  ["gives nothing", prints({}), /gave neither a token nor a certificate$/],
  ["gives half a certificate", prints({ clientKeyData: "K" }), /neither a token nor a certificate/],
  [
    "gives a time that is none",
    prints({ token: "t", expirationTimestamp: "soon" }),
    /an expirationTimestamp that is no time: soon/,
  ],
  [
    "does not exist",
    "",
    /\/no\/such\/plugin cannot be run: .* \(get it from example\.com\)$/,
    { command: "/no/such/plugin", installHint: "get it from example.com\n" },
  ],
];

for (const [what, script, message, more] of failures) {
  Deno.test(`ExecIdentity says so when the plugin ${what}, and tries again`, async () => {
    await withPlugin(script, async (identity, _clock, runs) => {
      for (let i = 0; i < 2; i++) {
        await assert.rejects(identity.current(), (error: unknown) => {
          assert.ok(error instanceof ConnectionError);
          assert.match(error.message, message);
          return true;
        });
      }
      assert.equal(await runs(), more?.command ? 0 : 2);
    }, more);
  });
}
