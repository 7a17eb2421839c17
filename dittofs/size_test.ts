// Sizes in the forms of internal/bytesize of the server.

import assert from "node:assert/strict";
import { bytesOf, sizeAsShown } from "./size.ts";

Deno.test("bytesOf() reads every form that the server takes or shows", () => {
  const sizes = {
    "0": 0,
    "1073741829": 1073741829,
    "512B": 512,
    "1K": 1000,
    "1kb": 1000,
    "1Ki": 1024,
    "64.00MiB": 64 * 2 ** 20,
    "10Gi": 10 * 2 ** 30,
    "1.5GB": 1.5e9,
    "2TiB": 2 * 2 ** 40,
    " 3 M ": 3e6,
  };
  for (const [text, bytes] of Object.entries(sizes)) assert.equal(bytesOf(text), bytes, text);
});

Deno.test("bytesOf() rounds down to whole bytes", () => {
  assert.equal(bytesOf("953.67MiB"), Math.floor(953.67 * 2 ** 20));
  assert.equal(bytesOf("0.9B"), 0);
});

Deno.test("bytesOf() refuses what is no size", () => {
  for (const text of ["", "much", "-1", "1 Zi", "1.2.3K", "0x10", "1e3"]) {
    assert.throws(() => bytesOf(text), RangeError, text);
  }
});

Deno.test("sizeAsShown() is what the server makes of a size", () => {
  const shown = {
    0: "0B",
    1023: "1023B",
    1024: "1.00KiB",
    1500: "1.46KiB",
    [1e9]: "953.67MiB",
    [2 ** 30 + 5]: "1.00GiB",
    [10 * 2 ** 40]: "10.00TiB",
  };
  for (const [bytes, text] of Object.entries(shown)) {
    assert.equal(sizeAsShown(Number(bytes)), bytesOf(text), bytes);
  }
});

Deno.test("sizeAsShown() rounds a half to the even hundredth, as Go does", () => {
  const hundredth = 2 ** 30 / 100;
  assert.equal(sizeAsShown(1.125 * 2 ** 30), Math.floor(112 * hundredth));
  assert.equal(sizeAsShown(1.375 * 2 ** 30), Math.floor(138 * hundredth));
});

Deno.test("sizeAsShown() leaves alone what was shown before, but for the last bytes", () => {
  for (const bytes of [1500, 1e9, 123_456_789_012]) {
    const once = sizeAsShown(bytes);
    assert.ok(Math.abs(sizeAsShown(once) - once) <= once / 1000, String(bytes));
  }
});
