import assert from "node:assert/strict";
import type { DittoServer } from "../../api/dittoserver.ts";
import { ServerUnreachableError } from "../../dittofs/errors.ts";
import { makeKey } from "../../kube/object.ts";
import {
  ClientCertificateMissingError,
  LoginRefusedError,
  NotServingError,
} from "../connections/errors.ts";
import { testResource } from "../dittoserver/_fixture.ts";
import { reach } from "./reach.ts";

const user = (namespace: string) => ({
  metadata: { namespace },
  spec: { serverRef: { name: "demo", namespace: "files" } },
});

/** What becomes of a resource in a namespace when a connection cannot be opened for that error. */
async function outcome(error: unknown, server = testResource(), namespace = "files") {
  const servers = { get: (key: string) => key === makeKey("files", "demo") ? server : undefined };
  const open = () => Promise.reject(error);
  const reached = await reach({ servers, connections: { open } }, user(namespace));
  assert.ok("problem" in reached);
  const { aspect, reason, stalled } = reached.problem;
  assert.equal(aspect, "ServerReady");
  return `${reason}${stalled ? ", stalled" : ""}`;
}

const cases = [
  [new NotServingError("NotFound", "gone"), "ServerNotFound"],
  [new NotServingError("BeingDeleted", "going"), "ServerNotFound"],
  [new NotServingError("Stopped", "stopped"), "ServerStopped"],
  [new NotServingError("InvalidSpec", "wrong"), "ServerNotRunning"],
  [new NotServingError("NotReady", "not yet"), "ServerNotRunning"],
  [new ServerUnreachableError("refused", "nobody"), "Unreachable"],
  [new LoginRefusedError("no"), "LoginRefused, stalled"],
  [new ClientCertificateMissingError("no"), "LoginRefused, stalled"],
] as const;

for (const [error, expected] of cases) {
  const what = error instanceof NotServingError ? ` (${error.reason})` : "";
  Deno.test(`reach() makes ${expected} of ${error.name}${what}`, async () => {
    assert.equal(await outcome(error), expected);
  });
}

Deno.test("reach() throws what says nothing about the server", async () => {
  await assert.rejects(outcome(new TypeError("a mistake of ours")), TypeError);
});

Deno.test("reach() asks no server that is going, or does not let the namespace in", async () => {
  const unasked = new Error("it was asked");
  const going = testResource();
  const metadata = { ...going.metadata, deletionTimestamp: "2030-01-01T00:00:00Z" };
  assert.equal(await outcome(unasked, { ...going, metadata }), "ServerNotFound");
  assert.equal(await outcome(unasked, going, "other"), "NamespaceNotAllowed, stalled");
  const allowing = testResource({ allowedNamespaces: ["other"] });
  await assert.rejects(outcome(unasked, allowing, "other"), /it was asked/);
});

Deno.test("reach() gives the connection of a server that can be asked", async () => {
  const server: DittoServer = testResource();
  const connection = { client: {}, server: {}, resource: server, podUid: "1" };
  const context = {
    servers: { get: () => testResource() },
    connections: { open: () => Promise.resolve(connection as never) },
  };
  assert.deepEqual(await reach(context, user("files")), { connection });
});

Deno.test("reach() gives no connection to a server that is paused, by its spec or the annotation", async () => {
  const annotated = testResource();
  const annotations = { "dittofs.dittofs.com/paused": "true" };
  for (
    const server of [
      testResource({ paused: true }),
      { ...annotated, metadata: { ...annotated.metadata, annotations } },
    ]
  ) {
    const servers = { get: () => server };
    const open = () => Promise.resolve({} as never);
    const reached = await reach({ servers, connections: { open } }, user("files"));
    assert.ok("problem" in reached);
    assert.deepEqual(
      [reached.problem.reason, reached.problem.stalled],
      ["ServerPaused", false],
    );
  }
  const stopped = new NotServingError("Stopped", "stopped");
  assert.equal(await outcome(stopped, testResource({ paused: true })), "ServerStopped");
});

Deno.test("reach() gives no connection to a server that is paused while it is opened", async () => {
  let server = testResource();
  const open = () => {
    server = testResource({ paused: true });
    return Promise.resolve({} as never);
  };
  const reached = await reach(
    { servers: { get: () => server }, connections: { open } },
    user("files"),
  );
  assert.ok("problem" in reached);
});
