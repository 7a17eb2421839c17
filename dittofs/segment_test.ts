// Names in URLs, as Go's net/url would write them.

import assert from "node:assert/strict";
import { segment, shareSegment } from "./segment.ts";

Deno.test("segment() escapes what Go escapes, and nothing else", () => {
  const names = {
    "alice": "alice",
    "alice@example.com": "alice@example.com",
    "a b": "a%20b",
    "a!b'(c)*": "a%21b%27%28c%29%2A",
    "$&+,:;=@": "$&+,:;=@",
    "50%": "50%25",
    "what?#": "what%3F%23",
    "größe": "gr%C3%B6%C3%9Fe",
    "~_-.": "~_-.",
    "[x]": "%5Bx%5D",
  };
  for (const [name, escaped] of Object.entries(names)) assert.equal(segment(name), escaped, name);
});

Deno.test("segment() refuses names that would lead to another endpoint", () => {
  for (const name of ["", ".", "..", "a/b"]) assert.throws(() => segment(name), RangeError, name);
});

Deno.test("shareSegment() refuses names that the server would decode once more", () => {
  assert.equal(shareSegment("home dirs"), "home%20dirs");
  assert.throws(() => shareSegment("a%41"), RangeError);
});
