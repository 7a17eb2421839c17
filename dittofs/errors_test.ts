// Failures and their classes.

import assert from "node:assert/strict";
import { type ErrorClass, ServerError, UnexpectedAnswerError } from "./errors.ts";

const CLASSES: Readonly<Record<ErrorClass, readonly number[]>> = {
  conflict: [409, 412],
  forbidden: [401, 403],
  invalid: [400, 405, 413, 415, 422],
  notFound: [404],
  transient: [408, 429, 500, 502, 503, 504, 307],
};

for (const [errorClass, codes] of Object.entries(CLASSES)) {
  Deno.test(`ServerError is ${errorClass} with ${codes.join(", ")}`, () => {
    for (const status of codes) {
      const error = new ServerError("GET /x", {
        ...{ detail: "why", fromHandler: true, status, title: "What" },
      });
      assert.equal(error.errorClass, errorClass, String(status));
    }
  });
}

Deno.test("ServerError of 404 says nothing of the object when no handler wrote it", () => {
  const error = new ServerError("GET /x", {
    ...{ detail: "404 page not found", fromHandler: false, status: 404, title: "" },
  });
  assert.equal(error.errorClass, "transient");
});

Deno.test("ServerError names endpoint, status, reason and fields", () => {
  const fields = { grace_period: "must be between 10 and 3600", lease_time: "must be smaller" };
  const error = new ServerError("PATCH /adapters/nfs/settings", {
    ...{ detail: "out of range", fields, fromHandler: true, status: 422, title: "Invalid" },
  });
  assert.equal(
    error.message,
    "PATCH /adapters/nfs/settings: 422 out of range " +
      "(grace_period: must be between 10 and 3600; lease_time: must be smaller)",
  );
});

Deno.test("ServerError without a detail gives the title, and without both the status", () => {
  const bare = { detail: "", fromHandler: true, status: 405, title: "" };
  assert.equal(new ServerError("GET /x", { ...bare, title: "No" }).message, "GET /x: 405 No");
  assert.equal(new ServerError("GET /x", bare).message, "GET /x: 405");
});

Deno.test("UnexpectedAnswerError names endpoint and field", () => {
  const whole = new UnexpectedAnswerError("GET /users", "", "it is not JSON");
  assert.equal(whole.message, "GET /users: the answer: it is not JSON");
  const field = new UnexpectedAnswerError("GET /users", "0.role", "expected string");
  assert.equal(field.message, "GET /users: field 0.role of the answer: expected string");
});
