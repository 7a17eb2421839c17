// Faults strike the calls that a rule names, and nothing else.

import assert from "node:assert/strict";
import { ServerUnreachableError } from "../errors.ts";
import type { Http, HttpAnswer, HttpRequest } from "../http.ts";
import { FaultHttp, HttpCrashError, type HttpRule } from "./fault_http.ts";
import {
  answerWith,
  crashAfter,
  crashBefore,
  delay,
  failAfter,
  goSilent,
  loseAnswer,
  nthCall,
  nthWrite,
  on,
  refuse,
  toHost,
} from "./http_faults.ts";

/** A server that does what it is asked and remembers it. */
class Server implements Http {
  readonly done: string[] = [];
  closed = false;
  send({ method, url }: HttpRequest): Promise<HttpAnswer> {
    this.done.push(`${method} ${url}`);
    return Promise.resolve({ status: 200, headers: new Headers(), text: url });
  }
  close(): void {
    this.closed = true;
  }
}

const one = "http://one-api.files.svc:8080/api/v1";
const two = "http://two-api.files.svc:8080/api/v1";
const call = (
  method: HttpRequest["method"],
  url: string,
  signal = new AbortController().signal,
): HttpRequest => ({ method, url, headers: {}, signal });

function setUp(...rules: HttpRule[]) {
  const server = new Server();
  return { server, http: new FaultHttp(server, { rules }) };
}

Deno.test("FaultHttp counts calls and writes, and lets everything pass without rules", async () => {
  const { server, http } = setUp();
  await http.send(call("POST", `${one}/auth/login`));
  assert.equal((await http.send(call("GET", `${one}/users`))).text, `${one}/users`);
  await http.send(call("DELETE", `${two}/users/a`));
  assert.deepEqual(http.writes.map((w) => [w.write, w.index, w.method, w.url.pathname]), [
    [1, 1, "POST", "/api/v1/auth/login"],
    [2, 3, "DELETE", "/api/v1/users/a"],
  ]);
  assert.equal(http.calls.length, 3);
  assert.equal(server.done.length, 3);
});

Deno.test("FaultHttp may count only the writes that a test asks for", async () => {
  const isWrite = ({ method, url }: HttpRequest) => method !== "GET" && !url.includes("/auth/");
  const http = new FaultHttp(new Server(), { isWrite });
  await http.send(call("POST", `${one}/auth/login`));
  await http.send(call("PUT", `${one}/users/a`));
  assert.deepEqual(http.writes.map(({ url }) => url.pathname), ["/api/v1/users/a"]);
});

Deno.test("FaultHttp that crashed before a call has not done it and does nothing more", async () => {
  const { server, http } = setUp({ when: nthWrite(2), then: crashBefore });
  await http.send(call("PUT", `${one}/a`));
  await assert.rejects(http.send(call("PUT", `${one}/b`)), HttpCrashError);
  await assert.rejects(http.send(call("GET", `${one}/c`)), HttpCrashError);
  assert.deepEqual(server.done, [`PUT ${one}/a`]);
  assert.match((await http.crashed).message, /crashed at PUT \/api\/v1\/b/);
});

Deno.test("FaultHttp that crashed after a call has done it and takes no other answer", async () => {
  const { server, http } = setUp(
    { when: nthCall(1), then: goSilent },
    { when: nthCall(2), then: crashAfter },
  );
  const waiting = http.send(call("GET", `${two}/a`));
  await assert.rejects(http.send(call("PUT", `${one}/b`)), HttpCrashError);
  await assert.rejects(waiting, HttpCrashError);
  assert.deepEqual(server.done, [`PUT ${one}/b`]);
});

Deno.test("FaultHttp.kill ends it from outside", async () => {
  const { server, http } = setUp();
  http.kill("died at the API server");
  await assert.rejects(http.send(call("GET", `${one}/a`)), /died at the API server/);
  assert.deepEqual(server.done, []);
});

Deno.test("FaultHttp strikes one server and leaves the other alone", async () => {
  const { server, http } = setUp({ when: toHost("one-api"), then: refuse, times: Infinity });
  for (let i = 0; i < 2; i++) {
    await assert.rejects(http.send(call("GET", `${one}/a`)), { kind: "refused" });
  }
  await http.send(call("GET", `${two}/a`));
  assert.deepEqual(server.done, [`GET ${two}/a`]);
});

Deno.test("FaultHttp.add gives a rule that can be taken away, and that is used up", async () => {
  const { server, http } = setUp();
  {
    using _rule = http.add({ when: on("PUT", /\/b$/), then: answerWith(500, "no"), times: 9 });
    assert.equal((await http.send(call("PUT", `${one}/b`))).status, 500);
    assert.equal((await http.send(call("GET", `${one}/b`))).status, 200);
  }
  http.add({ when: () => true, then: failAfter(504) });
  assert.equal((await http.send(call("PUT", `${one}/b`))).status, 504);
  assert.equal((await http.send(call("PUT", `${one}/b`))).status, 200);
  assert.equal(server.done.length, 3);
});

Deno.test("loseAnswer performs the call and tells the caller of a broken connection", async () => {
  const { server, http } = setUp({ when: () => true, then: loseAnswer });
  await assert.rejects(
    http.send(call("POST", `${one}/a`)),
    (error) => error instanceof ServerUnreachableError && error.kind === "reset",
  );
  assert.equal(server.done.length, 1);
});

Deno.test("goSilent and delay end when the caller gives up", async () => {
  let pass = () => {};
  let stopped = 0;
  const clock = {
    timer(_ms: number, callback: () => void) {
      pass = callback;
      return { [Symbol.dispose]: () => void stopped++ };
    },
  };
  const { server, http } = setUp(
    { when: nthCall(1), then: goSilent },
    { when: () => true, then: delay(clock, 5_000), times: 2 },
  );
  for (let i = 0; i < 2; i++) {
    const caller = new AbortController();
    const waiting = http.send(call("GET", `${one}/a`, caller.signal));
    caller.abort(new Error("enough"));
    await assert.rejects(waiting, /enough/);
  }
  const waiting = http.send(call("GET", `${one}/b`));
  assert.deepEqual(server.done, []);
  pass();
  assert.equal((await waiting).status, 200);
  assert.equal(stopped, 2);
});

Deno.test("FaultHttp.close closes what it is around", () => {
  const { server, http } = setUp();
  http.close();
  assert.equal(server.closed, true);
});
