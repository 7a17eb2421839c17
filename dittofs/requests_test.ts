// What all endpoints have in common: tokens, time limits, errors, absence.

import assert from "node:assert/strict";
import * as z from "zod";
import { ServerError, ServerUnreachableError, UnexpectedAnswerError } from "./errors.ts";
import { type Call, Requests, type RequestsOptions } from "./requests.ts";
import { HandClock } from "./testing/hand_clock.ts";
import { type Answer, json, problem, ScriptedHttp, text } from "./testing/scripted_http.ts";
import { wireObject } from "./wire.ts";

const GET: Call = { method: "GET", path: "/things" };
const UNAUTHORIZED = text(401, "Invalid or expired token\n");
const thing = wireObject({ longName: z.string() });

/** Requests to a scripted server, and the clock that they go by. */
function scripted(answers: readonly Answer[], more: Partial<RequestsOptions> = {}) {
  const clock = new HandClock();
  const http = new ScriptedHttp(...answers);
  const requests = new Requests({ baseUrl: "http://server:8080", clock, http, ...more });
  return { clock, http, requests };
}

/** A rejected promise's error, which must be of that kind. */
async function failed<E extends Error>(
  promise: Promise<unknown>,
  kind: new (...args: never[]) => E,
): Promise<E> {
  const error = await promise.then(() => undefined, (reason: unknown) => reason);
  if (error instanceof kind) return error;
  assert.fail(`failed with ${error}`);
}

Deno.test("Requests send JSON below /api/v1, with the token of now", async () => {
  const { http, requests } = scripted([json({}), json({})], { token: async () => await "t1" });
  await requests.send({ body: { a: 1 }, method: "PUT", path: "/things/x" });
  await requests.send(GET);
  const [put, get] = http.requests;
  assert.equal(put?.method, "PUT");
  assert.equal(put?.url, "http://server:8080/api/v1/things/x");
  assert.equal(put?.body, '{"a":1}');
  assert.deepEqual(put?.headers, {
    "accept": "application/json",
    "authorization": "Bearer t1",
    "content-type": "application/json",
  });
  assert.equal(get?.body, undefined);
  assert.deepEqual(get?.headers, { accept: "application/json", authorization: "Bearer t1" });
});

Deno.test("Requests to open endpoints and to /health carry no token and do not ask for one", async () => {
  const token = () => Promise.reject(new Error("no token yet"));
  const { http, requests } = scripted([json({})], { token });
  await requests.send({ method: "GET", open: true, path: "/health/ready" });
  assert.equal(http.requests[0]?.url, "http://server:8080/health/ready");
  // Whoever answered may not be the server, so the next one is asked on a connection of its own.
  assert.deepEqual(http.requests[0]?.headers, { accept: "application/json", connection: "close" });
});

Deno.test("Requests hand back the failure to get a token, and send nothing", async () => {
  const { http, requests } = scripted([], { token: () => Promise.reject(new RangeError("no")) });
  await failed(requests.send(GET), RangeError);
  assert.equal(http.requests.length, 0);
});

Deno.test("Requests replace a refused token once, and send the request again", async () => {
  const refused: string[] = [];
  let token = "old";
  const { http, requests } = scripted([UNAUTHORIZED, json({ long_name: "x" })], {
    onUnauthorized: async (old) => {
      refused.push(old);
      token = await "new";
    },
    token: async () => await token,
  });
  assert.deepEqual(await requests.ask(thing, GET), { longName: "x" });
  assert.deepEqual(refused, ["old"]);
  assert.deepEqual(
    http.requests.map(({ headers }) => headers.authorization),
    ["Bearer old", "Bearer new"],
  );
});

Deno.test("Requests give up when the second token is refused too", async () => {
  let logins = 0;
  const { http, requests } = scripted([UNAUTHORIZED, UNAUTHORIZED, json({})], {
    onUnauthorized: async () => await void logins++,
    token: async () => await "t",
  });
  const error = await failed(requests.send(GET), ServerError);
  assert.equal(error.message, "GET /things: 401 Invalid or expired token");
  assert.equal(error.errorClass, "forbidden");
  assert.equal(logins, 1);
  assert.equal(http.requests.length, 2);
});

Deno.test("Requests hand back the failure to log in again in place of the 401", async () => {
  const { requests } = scripted([UNAUTHORIZED], {
    onUnauthorized: () => Promise.reject(new RangeError("login refused")),
    token: async () => await "t",
  });
  await failed(requests.send(GET), RangeError);
});

Deno.test("Requests do not log in again for a 401 of a handler, a 403, or without a token", async () => {
  const onUnauthorized = () => Promise.reject(new Error("nobody asked for a login"));
  const token = async () => await "t";
  for (const answer of [problem(401, "Current password is incorrect"), text(403, "Admin only")]) {
    const { requests } = scripted([answer], { onUnauthorized, token });
    await failed(requests.send(GET), ServerError);
  }
  const { requests } = scripted([UNAUTHORIZED], { onUnauthorized });
  await failed(requests.send(GET), ServerError);
});

Deno.test("Requests read problem+json, with the fields of a 422", async () => {
  const errors = { lease_time: "must be between 10 and 3600" };
  const { requests } = scripted([problem(422, "out of range", { errors })]);
  const error = await failed(requests.send(GET), ServerError);
  assert.deepEqual(
    [error.endpoint, error.status, error.title, error.detail, error.fields, error.fromHandler],
    ["GET /things", 422, "Title 422", "out of range", errors, true],
  );
});

Deno.test("Requests read failures that are plain text, HTML or nothing", async () => {
  const answers = [text(403, "Admin access required\n"), text(405), text(502, "x".repeat(9999))];
  const { requests } = scripted(answers);
  const errors = [];
  for (const _ of answers) errors.push(await failed(requests.send(GET), ServerError));
  const [text403, empty405, long502] = errors;
  assert.equal(text403?.message, "GET /things: 403 Admin access required");
  assert.equal(empty405?.message, "GET /things: 405");
  assert.equal(long502?.detail.length, 500);
  assert.deepEqual(errors.map(({ fromHandler }) => fromHandler), [false, false, false]);
});

Deno.test("Requests take broken problem+json for text", async () => {
  const headers = new Headers({ "content-type": "application/problem+json" });
  const { requests } = scripted([() => ({ headers, status: 500, text: "{oops" })]);
  const error = await failed(requests.send(GET), ServerError);
  assert.equal(error.message, "GET /things: 500 {oops");
});

Deno.test("Requests never repeat a secret of the body in an error", async () => {
  const { requests } = scripted([problem(400, 'bad password "hunter22" for alice')]);
  const call: Call = {
    ...{ body: { new_password: "hunter22", username: "alice" }, method: "POST", path: "/x" },
  };
  const error = await failed(requests.send(call), ServerError);
  assert.equal(error.message, 'POST /x: 400 bad password "********" for alice');
  assert.equal(JSON.stringify(error).includes("hunter22"), false);
});

Deno.test("Requests name the field of an answer that is not as promised, by the server's name", async () => {
  const list = z.array(thing);
  const { requests } = scripted([
    json([{ long_name: "a" }, { long_name: 1 }]),
    text(200, "<html>"),
  ]);
  const field = await failed(requests.ask(list, GET), UnexpectedAnswerError);
  assert.equal(field.field, "1.long_name");
  assert.match(field.message, /^GET \/things: field 1\.long_name of the answer: .*string/);
  const whole = await failed(requests.ask(list, GET), UnexpectedAnswerError);
  assert.equal(whole.message, "GET /things: the answer: it is not JSON");
});

Deno.test("Requests.find() gives undefined for a handler's 404, and fails for any other", async () => {
  const { requests } = scripted([problem(404, "User not found"), text(404, "404 page not found")]);
  assert.equal(await requests.find(thing, GET), undefined);
  const error = await failed(requests.find(thing, GET), ServerError);
  assert.equal(error.errorClass, "transient");
});

Deno.test("Requests.remove() tells whether there was something to delete", async () => {
  const answers = [text(204), problem(404, "gone"), problem(409, "in use"), text(404, "no route")];
  const { http, requests } = scripted(answers);
  assert.equal(await requests.remove("/things/x", {}), true);
  assert.equal(await requests.remove("/things/x", {}), false);
  assert.equal((await failed(requests.remove("/things/x", {}), ServerError)).status, 409);
  await failed(requests.remove("/things/x", {}), ServerError);
  assert.deepEqual(http.requests.map(({ method }) => method), Array(4).fill("DELETE"));
});

Deno.test("Requests take a redirect for a failure", async () => {
  const { requests } = scripted([text(307, "see /health")]);
  assert.equal((await failed(requests.send(GET), ServerError)).status, 307);
});

const LIMITS: Readonly<Record<string, number>> = {
  "/adapters": 10,
  "/blockstore/reconcile-report": 40,
  "/health": 10,
  "/shares": 40,
  "/shares/x/permissions": 40,
  "/sharesish": 10,
  "/store/block/remote": 40,
  "/system/drain-uploads": 40,
  "/users/shares": 10,
};

for (const [path, seconds] of Object.entries(LIMITS)) {
  Deno.test(`Requests wait ${seconds} s for ${path}`, async () => {
    const { clock, requests } = scripted([]);
    const answer = failed(requests.send({ method: "GET", path }), ServerUnreachableError);
    await clock.pass(seconds * 1000 - 1);
    assert.equal(clock.pending, 1);
    await clock.pass(1);
    const error = await answer;
    assert.deepEqual([error.kind, error.errorClass], ["timeout", "transient"]);
    assert.equal(
      error.message,
      `server:8080 does not answer (GET ${path}: nothing in ${seconds} s)`,
    );
    assert.equal(clock.pending, 0);
  });
}

Deno.test("Requests wait as long as the caller says, and abort what is under way", async () => {
  const { clock, http, requests } = scripted([]);
  const answer = failed(requests.send({ ...GET, timeoutMs: 99_000 }), ServerUnreachableError);
  await clock.pass(98_999);
  assert.equal(http.requests[0]?.signal.aborted, false);
  await clock.pass(1);
  await answer;
  assert.equal(http.requests[0]?.signal.aborted, true);
});

Deno.test("Requests end with the caller's signal and its reason, before and during the request", async () => {
  const { clock, http, requests } = scripted([]);
  const controller = new AbortController();
  const during = failed(requests.send({ ...GET, signal: controller.signal }), RangeError);
  await clock.settle();
  controller.abort(new RangeError("stopped"));
  await during;
  assert.equal(http.requests[0]?.signal.aborted, true);
  await failed(requests.send({ ...GET, signal: controller.signal }), RangeError);
  assert.equal(http.requests.length, 1);
  assert.equal(clock.pending, 0);
});

Deno.test("Requests leave no timer behind after an answer or a failure", async () => {
  const refused = () => Promise.reject(new ServerUnreachableError("refused", "nobody there"));
  const { clock, requests } = scripted([json({}), problem(500, "oops"), refused]);
  await requests.send(GET);
  await failed(requests.send(GET), ServerError);
  assert.equal((await failed(requests.send(GET), ServerUnreachableError)).kind, "refused");
  assert.equal(clock.pending, 0);
});
