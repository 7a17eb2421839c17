// testdata/audit.jsonl was recorded from kube-apiserver 1.34.4 through the policy of
// control_plane_files.ts.

import assert from "node:assert/strict";
import { AuditLog, type AuditQuery, describe, parseAuditLine, writeVerbs } from "./audit.ts";
import { pause } from "./poll.ts";

const recorded = new URL("testdata/audit.jsonl", import.meta.url);
const lines = (await Deno.readTextFile(recorded)).trimEnd().split("\n");
const [firstLine = ""] = lines;

async function ask(query: AuditQuery): Promise<string[]> {
  const records = await new AuditLog(recorded.pathname).requests(query);
  return records.map((r) => `${r.verb} ${r.resource || r.uri}${r.subresource && "/status"}`);
}

async function withLog(body: (path: string) => Promise<void>): Promise<void> {
  const path = await Deno.makeTempFile();
  try {
    await body(path);
  } finally {
    await Deno.remove(path);
  }
}

/** The first line, as it would be for a request at this time. */
const lineAt = (time: number) =>
  firstLine.replace(
    /"requestReceivedTimestamp":"[^"]*"/,
    () => `"requestReceivedTimestamp":"${new Date(time).toISOString()}"`,
  ) + "\n";

const append = (path: string, text: string) => Deno.writeTextFile(path, text, { append: true });

Deno.test("parseAuditLine reads who asked for what and when", () => {
  assert.deepEqual(parseAuditLine(firstLine), {
    id: "9ecef003-8f0e-4449-b8e3-2fd2595598ee",
    verb: "list",
    user: "admin",
    userAgent: "dittofs-operator/0.1.0",
    at: parseAuditLine(firstLine).at,
    uri: "/api/v1/namespaces/default/configmaps?limit=500",
    code: 200,
    group: "",
    resource: "configmaps",
    subresource: "",
    namespace: "default",
    name: "",
  });
  assert.match(new Date(parseAuditLine(firstLine).at).toISOString(), /^2026-11-23T19/);
});

Deno.test("AuditLog.requests counts a watch once although it stands in the log twice", async () => {
  assert.equal(lines.filter((line) => line.includes('"verb":"watch"')).length, 2);
  assert.deepEqual(await ask({ verbs: ["watch"] }), ["watch configmaps"]);
});

Deno.test("AuditLog.requests finds a client by the prefix of its user agent", async () => {
  assert.deepEqual(await ask({ userAgent: "kubectl/" }), ["delete configmaps"]);
  assert.equal((await ask({ userAgent: "dittofs-operator/" })).length, 7);
});

Deno.test("AuditLog.requests leaves out leases and watches", async () => {
  const query = { userAgent: "dittofs-operator/", withoutLeases: true, withoutWatches: true };
  assert.deepEqual(await ask(query), [
    "list configmaps",
    "patch configmaps",
    "get secrets",
    "patch statefulsets/status",
  ]);
});

Deno.test("AuditLog.requests tells a resource from its subresource", async () => {
  assert.deepEqual(await ask({ resource: "statefulsets" }), []);
  assert.deepEqual(await ask({ resource: "statefulsets/status" }), ["patch statefulsets/status"]);
});

Deno.test("AuditLog.requests finds a word in the user agent or the URI", async () => {
  assert.deepEqual(await ask({ mentions: "audit-mark" }), ["get /version"]);
  assert.deepEqual(await ask({ mentions: "timeoutSeconds" }), ["watch configmaps"]);
});

Deno.test("AuditLog.requests filters by object, user and verb", async () => {
  assert.deepEqual(await ask({ namespace: "default", name: "demo-jwt-secret" }), ["get secrets"]);
  assert.deepEqual(await ask({ user: "alice" }), ["get secrets"]);
  assert.deepEqual(await ask({ verbs: writeVerbs, resource: "configmaps" }), [
    "patch configmaps",
    "delete configmaps",
  ]);
});

Deno.test("AuditLog.requests takes the begin of an interval and leaves out its end", async () => {
  const times = lines.map((line) => parseAuditLine(line).at);
  const from = times.at(-2);
  const until = times.at(-1);
  assert.ok(from !== undefined && until !== undefined);
  assert.deepEqual(await ask({ from, until }), ["delete configmaps"]);
});

Deno.test("AuditLog.requests takes a log that does not exist yet for an empty one", async () => {
  assert.deepEqual(await new AuditLog("/nowhere/audit.log").requests({}), []);
});

Deno.test("AuditLog.requests waits until its mark is in the log", async () => {
  await withLog(async (path) => {
    const late: Promise<void>[] = [];
    const log = new AuditLog(path, (userAgent) => {
      const write = async () => {
        await pause(30);
        await append(
          path,
          `${firstLine}\n${firstLine.replace("dittofs-operator/0.1.0", userAgent)}\n`,
        );
      };
      late.push(write());
      return Promise.resolve();
    });
    assert.equal((await log.requests({ userAgent: "dittofs-operator/" })).length, 1);
    await Promise.all(late);
  });
});

Deno.test("AuditLog.waitFor leaves an unfinished line for the next look", async () => {
  await withLog(async (path) => {
    await append(path, firstLine.slice(0, 100));
    const waiting = new AuditLog(path).waitFor({ verbs: ["list"] }, { within: 5000 });
    await pause(80);
    await append(path, `${firstLine.slice(100)}\n`);
    assert.equal((await waiting).length, 1);
  });
});

Deno.test("AuditLog.waitForQuiet starts again with each matching request", async () => {
  await withLog(async (path) => {
    const start = Date.now();
    const quiet = new AuditLog(path).waitForQuiet({ verbs: ["list"] }, {
      quietFor: 300,
      within: 5000,
    });
    await pause(150);
    await append(path, lineAt(Date.now()));
    await quiet;
    assert.ok(Date.now() - start >= 450, `${Date.now() - start} ms`);
  });
});

Deno.test("AuditLog.waitForQuiet sees a request in the lines after those that were read", async () => {
  await withLog(async (path) => {
    const log = new AuditLog(path);
    await append(path, `${firstLine}\n`);
    await log.requests({});
    await append(path, lineAt(Date.now() + 150));
    const began = performance.now();
    await log.waitForQuiet({ userAgent: "dittofs-operator/" }, { quietFor: 100, within: 5000 });
    assert.ok(performance.now() - began >= 240, `${performance.now() - began} ms`);
  });
});

Deno.test("AuditLog.requests streams a log that is larger than one read", async () => {
  await withLog(async (path) => {
    const text = lines.join("\n") + "\n";
    const copies = Math.ceil(3_000_000 / text.length);
    let copy = 0;
    while (copy++ < copies) await append(path, text.replaceAll('"auditID":"', `$&${copy}-`));
    const found = await new AuditLog(path).requests({ userAgent: "kubectl/" });
    assert.equal(found.length, copies);
  });
});

Deno.test("describe gives one line for each request", () => {
  assert.match(
    describe([parseAuditLine(firstLine)]),
    /^2026-11-23T19\S+ 200 list \/api\/v1\/namespaces\/default\/configmaps\?limit=500$/,
  );
});
