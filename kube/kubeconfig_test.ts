// Kubeconfig files as kubectl reads them, and one clear line for each that it would refuse.

import assert from "node:assert/strict";
import { AccessError, type ClusterAccess } from "./cluster_access.ts";
import { kubeconfigAccess } from "./kubeconfig.ts";
import { VirtualClock } from "./testing/virtual_clock.ts";

const base64 = (text: string) => new TextEncoder().encode(text).toBase64();

const CLUSTER = "clusters: [{name: c, cluster: {server: https://a.example:6443}}]";
const CONTEXT = "contexts: [{name: x, context: {cluster: c, user: u}}]";
const NOBODY = "contexts: [{name: x, context: {cluster: c}}]";
const user = (fields: string) => `users: [{name: u, user: {${fields}}}]`;
const config = (...parts: string[]) => ["current-context: x", ...parts].join("\n");

type Files = Readonly<Record<string, string>>;

/** Writes files into a directory, reads those that `read` names, and passes what came of it on. */
async function withFiles(
  files: Files,
  test: (
    access: (read?: string[], context?: string) => Promise<ClusterAccess>,
    dir: string,
  ) => Promise<void>,
): Promise<void> {
  const dir = await Deno.makeTempDir();
  try {
    for (const [name, text] of Object.entries(files)) {
      await Deno.mkdir(new URL(`.`, `file://${dir}/${name}`), { recursive: true });
      await Deno.writeTextFile(`${dir}/${name}`, text);
    }
    await test((read, context) => {
      const paths = (read ?? ["config"]).map((name) => `${dir}/${name}`);
      return kubeconfigAccess({ paths, ...(context && { context }) }, new VirtualClock());
    }, dir);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

Deno.test("kubeconfigAccess() reads server, namespace, CA data and client certificate data", async () => {
  const text = config(
    `clusters: [{name: c, cluster: {server: "https://a.example:6443/", certificate-authority-data: ${
      base64("CA")
    }}}]`,
    "contexts: [{name: x, context: {cluster: c, user: u, namespace: here}}]",
    user(`client-certificate-data: ${base64("CERT")}, client-key-data: ${base64("KEY")}`),
  );
  await withFiles({ config: text }, async (access, dir) => {
    const { identity, ...rest } = await access();
    assert.deepEqual(rest, {
      server: "https://a.example:6443",
      ca: "CA",
      namespace: "here",
      source: `context "x" of ${dir}/config`,
    });
    assert.deepEqual(await identity.current(), { certificate: { cert: "CERT", key: "KEY" } });
  });
});

Deno.test("kubeconfigAccess() reads files relative to the kubeconfig that names them", async () => {
  const files = {
    "one/config": config(CONTEXT, "clusters: []"),
    "two/config": [
      "clusters: [{name: c, cluster: {server: https://b, certificate-authority: pki/ca.crt}}]",
      user("client-certificate: ../certs/me.crt, client-key: ../certs/me.key"),
    ].join("\n"),
    "two/pki/ca.crt": "CA",
    "certs/me.crt": "CERT",
    "certs/me.key": "KEY",
  };
  await withFiles(files, async (access) => {
    const { ca, identity } = await access(["one/config", "two/config"]);
    assert.equal(ca, "CA");
    assert.deepEqual(await identity.current(), { certificate: { cert: "CERT", key: "KEY" } });
  });
});

Deno.test("kubeconfigAccess() prefers data to files, as kubectl does", async () => {
  const text = config(
    `clusters: [{name: c, cluster: {server: https://a, certificate-authority: missing, certificate-authority-data: ${
      base64("CA")
    }}}]`,
    NOBODY,
  );
  await withFiles({ config: text }, async (access) => {
    assert.equal((await access()).ca, "CA");
  });
});

Deno.test("kubeconfigAccess() merges several files: the first to say something wins", async () => {
  const files = {
    first: "clusters: [{name: c, cluster: {server: https://first}}]",
    second: config(CLUSTER, CONTEXT, user("token: second")),
    third: `current-context: y\n${user("token: third")}`,
  };
  await withFiles(files, async (access) => {
    const { server, identity } = await access(["first", "missing", "second", "third"]);
    assert.equal(server, "https://first");
    assert.deepEqual(await identity.current(), { token: "second" });
  });
});

Deno.test("kubeconfigAccess() uses the context that it is told", async () => {
  const contexts = "contexts: [{name: x, context: {cluster: c}}, {name: y, context: {cluster: d}}]";
  const clusters =
    "clusters: [{name: c, cluster: {server: https://c}}, {name: d, cluster: {server: https://d}}]";
  await withFiles({ config: config(contexts, clusters) }, async (access) => {
    assert.equal((await access()).server, "https://c");
    assert.equal((await access(["config"], "y")).server, "https://d");
  });
});

Deno.test("kubeconfigAccess() passes on what concerns the connection", async () => {
  const cluster =
    "clusters: [{name: c, cluster: {server: https://a, insecure-skip-tls-verify: true, tls-server-name: b, proxy-url: http://p:1}}]";
  await withFiles({ config: config(cluster, NOBODY) }, async (access) => {
    const { insecure, tlsServerName, proxyUrl, ca } = await access();
    assert.deepEqual([insecure, tlsServerName, proxyUrl, ca], [true, "b", "http://p:1", undefined]);
  });
});

Deno.test("kubeconfigAccess() takes a token, or a token file that is read when it is needed", async () => {
  const inline = { config: config(CLUSTER, CONTEXT, user("token: mine")) };
  await withFiles(inline, async (access) => {
    assert.deepEqual(await (await access()).identity.current(), { token: "mine" });
  });
  const file = {
    config: config(CLUSTER, CONTEXT, user("tokenFile: token, token: old")),
    token: "1",
  };
  await withFiles(file, async (access, dir) => {
    const { identity } = await access();
    await Deno.writeTextFile(`${dir}/token`, "2\n");
    assert.deepEqual(await identity.current(), { token: "2" });
  });
});

Deno.test("kubeconfigAccess() runs the credential plugin of the user", async () => {
  const credential = JSON.stringify({ status: { token: "from the plugin" } });
  const exec = JSON.stringify({ command: "/bin/sh", args: ["-c", `echo '${credential}'`] });
  await withFiles({ config: config(CLUSTER, CONTEXT, user(`exec: ${exec}`)) }, async (access) => {
    assert.deepEqual(await (await access()).identity.current(), { token: "from the plugin" });
  });
});

Deno.test("kubeconfigAccess() looks for a plugin with a path beside the kubeconfig", async () => {
  const exec = user("exec: {command: ./plugin}");
  await withFiles({ config: config(CLUSTER, CONTEXT, exec) }, async (access, dir) => {
    const { identity } = await access();
    await assert.rejects(identity.current(), {
      message: new RegExp(`plugin ${dir}/plugin cannot`),
    });
  });
});

Deno.test("kubeconfigAccess() does with a user that has nothing, and with none", async () => {
  for (const text of [config(CLUSTER, NOBODY), config(CLUSTER, CONTEXT, "users: [{name: u}]")]) {
    await withFiles({ config: text }, async (access) => {
      assert.deepEqual(await (await access()).identity.current(), {});
    });
  }
});

const refused: [what: string, files: Files, message: RegExp, read?: string[]][] = [
  ["a file that is missing", {}, /config: does not exist; name another with --kubeconfig/],
  ["files that are all missing", {}, /none of .*one:.*two exists/, ["one", "two"]],
  ["a file that is no YAML", {
    config: "a: 'my secret",
  }, /^kubeconfig \S+ cannot be understood: [^\n]* at line 1, column 14$/],
  ["a file of another form", { config: "clusters: 7" }, /cannot be understood: [^\n]*clusters$/],
  [
    "no current-context",
    { config: CLUSTER },
    /names no current-context; choose one with --context/,
  ],
  ["a context that is not there", { config: config() }, /has no context "x"; it has none/],
  [
    "a context that is not among those there",
    { config: config("contexts: [{name: a, context: {}}, {name: b, context: {}}]") },
    /has no context "x"; it has a, b/,
  ],
  [
    "a cluster that is not there",
    { config: config(CONTEXT) },
    /names cluster "c", which has no serv/,
  ],
  ["a cluster without server", {
    config: config(CONTEXT, "clusters: [{name: c, cluster: {}}]"),
  }, /names cluster "c", which has no server there/],
  [
    "a user that is not there",
    { config: config(CLUSTER, CONTEXT) },
    /names user "u", which is not/,
  ],
  ["a password", {
    config: config(CLUSTER, CONTEXT, user("username: me, password: x")),
  }, /username and password, which Kubernetes no longer accepts; use a token or a certificate/],
  ["a certificate without key", {
    config: config(CLUSTER, CONTEXT, user(`client-certificate-data: ${base64("C")}`)),
  }, /a client certificate without its key, or a key without its certificate/],
  ["data that is not base64", {
    config: config(CLUSTER, CONTEXT, user("client-key-data: '%%%'")),
  }, /config has a client-key-data that is not base64/],
  ["a CA file that is not there", {
    config: config(
      "clusters: [{name: c, cluster: {server: s, certificate-authority: ca}}]",
      NOBODY,
    ),
  }, /names the certificate-authority .*\/ca, which cannot be read: /],
];

for (const [what, files, message, read] of refused) {
  Deno.test(`kubeconfigAccess() refuses ${what} in one line`, async () => {
    await withFiles(files, async (access) => {
      await assert.rejects(access(read), (error: unknown) => {
        assert.ok(error instanceof AccessError, String(error));
        assert.match(error.message, message);
        return true;
      });
    });
  });
}
