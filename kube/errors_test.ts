// Every failure has one class, whatever shape it comes in.

import assert from "node:assert/strict";
import {
  ApiError,
  classify,
  ConnectionError,
  type ErrorClass,
  fromRejection,
  isStatus,
  messageOf,
  ProtocolError,
  unlessFailure,
} from "./errors.ts";
import { busy, failure, foreignRejection, rejection } from "./testing/statuses.ts";

const CLASSES: [ErrorClass, readonly number[]][] = [
  ["transient", [408, 429, 500, 502, 503, 504, 599, 0]],
  ["conflict", [409, 412]],
  ["gone", [410]],
  ["notFound", [404]],
  ["forbidden", [401, 403]],
  ["invalid", [400, 405, 406, 413, 415, 422]],
];

for (const [errorClass, codes] of CLASSES) {
  Deno.test(`classify() takes ${codes.join(", ")} for ${errorClass}`, () => {
    for (const code of codes) {
      assert.equal(classify(rejection(failure(code))), errorClass, `ours, ${code}`);
      assert.equal(classify(foreignRejection(failure(code))), errorClass, `foreign, ${code}`);
    }
  });
}

Deno.test("classify() takes a broken connection or answer for transient", () => {
  assert.equal(classify(new ConnectionError("reset")), "transient");
  assert.equal(classify(new ProtocolError("cut")), "transient");
});

Deno.test("classify() believes an error that knows its own class", () => {
  assert.equal(classify(Object.assign(new Error(), { errorClass: "invalid" })), "invalid");
});

Deno.test("classify() takes everything else for a bug", () => {
  for (
    const value of [new Error("x"), new TypeError(), "text", undefined, null, { httpCode: "4" }]
  ) {
    assert.equal(classify(value), "bug");
  }
});

Deno.test("fromRejection() makes an ApiError of another client's rejection, with all it says", () => {
  const error = fromRejection(foreignRejection(busy(429, 7)));
  assert.ok(error instanceof ApiError);
  assert.equal(error.httpCode, 429);
  assert.equal(error.reason, "TooManyRequests");
  assert.equal(error.retryAfterSeconds, 7);
});

Deno.test("fromRejection() makes an ApiError of a code without a Status", () => {
  const error = fromRejection(Object.assign(new Error("teapot"), { httpCode: 418 }));
  assert.ok(error instanceof ApiError);
  assert.equal(error.httpCode, 418);
  assert.equal(error.message, "teapot");
});

Deno.test("fromRejection() leaves errors as they are and makes errors of what is none", () => {
  for (const error of [new ConnectionError("a"), rejection(failure(409)), new TypeError("b")]) {
    assert.equal(fromRejection(error), error);
  }
  assert.equal(fromRejection("text").message, "text");
  assert.ok(fromRejection(undefined) instanceof Error);
});

Deno.test("unlessFailure() throws a failed Status and returns everything else", () => {
  assert.throws(() => unlessFailure(failure(403)), (error: unknown) => {
    return error instanceof ApiError && error.httpCode === 403;
  });
  for (const answer of [{ kind: "Status", status: "Success" }, { kind: "Pod" }, null, "x", 7]) {
    assert.equal(unlessFailure(answer), answer);
  }
});

Deno.test("isStatus() knows a Status by its kind", () => {
  assert.equal(isStatus(failure(404)), true);
  for (const value of [{ kind: "Pod" }, null, undefined, "Status"]) {
    assert.equal(isStatus(value), false);
  }
});

Deno.test("ApiError says something even if the Status says nothing", () => {
  assert.equal(new ApiError({}).httpCode, 0);
  assert.equal(new ApiError({}, 502).message, "the API server answered 502");
  assert.equal(new ApiError({ reason: "Gone", code: 410 }).httpCode, 410);
});

Deno.test("messageOf() tells the causes, each once", () => {
  const root = new Error("no route");
  assert.equal(messageOf(new Error("cannot connect", { cause: root })), "cannot connect: no route");
  assert.equal(messageOf(new Error("failed: no route", { cause: root })), "failed: no route");
  assert.equal(messageOf(new Error("outer", { cause: "inner" })), "outer: inner");
  assert.equal(messageOf("text"), "text");
});
