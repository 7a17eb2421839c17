// The ground for tests with real servers: two of them at once, and what may happen to them.

import assert from "node:assert/strict";
import * as z from "zod";
import { ServerUnreachableError } from "../../dittofs/errors.ts";
import { FetchHttp } from "../../dittofs/fetch_http.ts";
import type { HttpRequest } from "../../dittofs/http.ts";
import { ca, cert, key } from "../../kube/testing/localhost_certificate.ts";
import { beside as test } from "./_beside.ts";
import { DfsBeside } from "./_dfs_beside.ts";
import { type InProcess, runInProcess } from "./_in_process.ts";
import { install } from "./_operator.ts";
import { type TestPlane, testPlane } from "./_plane.ts";

const namespace = "files";
let ground: TestPlane;
let beside: DfsBeside;
let operator: InProcess;

Deno.test.beforeAll(async () => {
  ground = await testPlane({ controllerManager: true });
  for (const name of ["dittofs-system", namespace]) {
    await ground.kubectl(["create", "namespace", name]);
  }
  await install(ground);
  operator = await runInProcess(ground, { namespace, userAgent: "dfs-beside-test" });
  beside = new DfsBeside(ground);
});
Deno.test.afterAll(async () => {
  await operator?.[Symbol.asyncDispose]();
  await beside?.[Symbol.asyncDispose]();
  await ground?.[Symbol.asyncDispose]();
});

async function createServer(name: string, spec: Readonly<Record<string, unknown>> = {}) {
  const resource = {
    apiVersion: "dittofs.dittofs.com/v1alpha1",
    kind: "DittoServer",
    metadata: { name, namespace },
    spec: { storage: { metadataSize: "1Gi", contentSize: "1Gi" }, ...spec },
  };
  await ground.kubectl(["create", "-f", "-"], { input: JSON.stringify(resource) });
  return beside.server(namespace, name);
}

/** As the operator would call it. */
const open = () => beside.http(new FetchHttp({ ca, cert, key }));

const get = (url: string, token?: string): HttpRequest => ({
  ...{ method: "GET", url, signal: AbortSignal.timeout(10_000) },
  headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
});

const adapters = z.array(z.object({
  ...{ type: z.string(), port: z.number() },
  status: z.object({ status: z.string() }),
}));

test("DfsBeside runs two servers at once, each with the ports of a pod of its own", async () => {
  const servers = await Promise.all([createServer("one"), createServer("two")]);
  const pods = await Promise.all(servers.map((server) => server.ready()));
  assert.deepEqual(pods.map(({ metadata }) => metadata.name), ["one-0", "two-0"]);
  for (const [index, server] of servers.entries()) {
    const { body } = await server.byHand("GET", "/adapters");
    const found = adapters.parse(body).map(({ type, port }) => `${type} ${port}`);
    assert.deepEqual(found.sort(), ["nfs 12049", "smb 1445"]);
    const host = `${["one", "two"][index]}-adapter-nfs.${namespace}.svc`;
    (await Deno.connect(beside.address(host, 12049))).close();
  }
  await ground.kubectl([
    ...["wait", "--for=condition=Ready", "--namespace", namespace, "--timeout=20s"],
    ...["dittoserver/one", "dittoserver/two"],
  ]);
});

test("DfsBeside leads a Service's name to its server, and moves paths both ways", async () => {
  const server = beside.server(namespace, "one");
  await server.ready();
  const http = open();
  try {
    const api = `http://one-api.${namespace}.svc:8080`;
    const { text } = await http.send(get(`${api}/health`));
    assert.match(text, /"service":"dittofs"/);
    const path = "/data/store/metadata/moved";
    const config = JSON.stringify({ path });
    const made = await server.byHand("POST", "/store/metadata", {
      ...{ name: "moved", type: "badger", config },
    });
    assert.equal(made.status, 201, JSON.stringify(made.body));
    const token = await server.login("admin", server.adminPassword);
    const answer = await http.send(get(`${api}/api/v1/store/metadata/moved`, token));
    assert.equal(JSON.parse(answer.text).config.path, path);
    await assert.rejects(
      http.send(get(`http://three-api.${namespace}.svc:8080/health`)),
      (error) => error instanceof ServerUnreachableError && error.kind === "dns",
    );
  } finally {
    http.close();
  }
});

test("DfsServer.down() refuses connections, and its pod is not Ready meanwhile", async () => {
  const server = beside.server(namespace, "one");
  const before = await server.ready();
  const http = open();
  const health = get(`http://one-api.${namespace}.svc:8080/health`);
  {
    await using _down = await server.down();
    await assert.rejects(http.send(health), { kind: "refused" });
  }
  assert.equal((await http.send(health)).status, 200);
  assert.equal((await server.ready()).metadata.uid, before.metadata.uid);
  http.close();
});

test("DfsServer.frozen() takes connections and does not answer", async () => {
  const server = beside.server(namespace, "one");
  const http = open();
  {
    using _frozen = await server.frozen();
    const health = get(`http://one-api.${namespace}.svc:8080/health`);
    await assert.rejects(http.send({ ...health, signal: AbortSignal.timeout(500) }), {
      name: "TimeoutError",
    });
  }
  assert.equal((await server.byHand("GET", "/adapters")).status, 200);
  http.close();
});

test("DfsServer.kill() keeps pod and database, replacePod() the database", async () => {
  const server = beside.server(namespace, "two");
  const before = await server.ready();
  await server.byHand("POST", "/groups", { name: "kept" });
  await server.kill();
  assert.equal((await server.ready()).metadata.uid, before.metadata.uid);
  const after = await server.replacePod();
  assert.notEqual(after.metadata.uid, before.metadata.uid);
  assert.equal((await server.byHand("GET", "/groups/kept")).status, 200);
});

test("DfsServer.loseDatabase() begins anew, with its own ports and the first password", async () => {
  const server = beside.server(namespace, "two");
  await server.byHand("POST", "/groups", { name: "lost" });
  await server.loseDatabase();
  assert.equal((await server.byHand("GET", "/groups/lost")).status, 404);
  const { body } = await server.byHand("GET", "/adapters");
  assert.deepEqual(adapters.parse(body).map(({ port }) => port).sort(), [12049, 1445]);
});

test("DfsBeside follows a rollout: the pod is replaced, and the API speaks TLS", async () => {
  const server = beside.server(namespace, "two");
  const before = await server.ready();
  const stringData = { "tls.crt": cert, "tls.key": key, "ca.crt": ca };
  const secret = { apiVersion: "v1", kind: "Secret", metadata: { name: "tls", namespace } };
  await ground.kubectl(["create", "-f", "-"], { input: JSON.stringify({ ...secret, stringData }) });
  const patch = JSON.stringify({ spec: { controlPlane: { certSecretName: "tls" } } });
  await ground.kubectl([
    ...["patch", "dittoserver", "two", "--namespace", namespace, "--type=merge", "-p", patch],
  ]);
  await server.replaced(before);
  assert.match(server.url ?? "", /^https:/);
  assert.equal((await server.byHand("GET", "/groups")).status, 200);
});

test("DfsBeside ends the process with its pod", async () => {
  const server = beside.server(namespace, "one");
  await server.ready();
  const patch = JSON.stringify({ spec: { hibernate: true } });
  const resource = ["dittoserver", "one", "--namespace", namespace];
  await ground.kubectl(["patch", ...resource, "--type=merge", "-p", patch]);
  await ground.kubectl(["wait", "--for=delete", "pod/one-0", "--namespace", namespace]);
  assert.equal(server.pod, undefined);
});
