import assert from "node:assert/strict";
import { freePort, portRanges } from "./ports.ts";

Deno.test("freePort gives a port below the range of outgoing connections", () => {
  const port = freePort();
  assert.ok(port < 32_768, String(port));
  Deno.listen({ hostname: "127.0.0.1", port }).close();
});

Deno.test("freePort passes over a port that somebody else has", () => {
  const { port, listener } = takeSomePort();
  const draws = [(port - 15_000 + 0.5) / 17_000, 0.25];
  assert.notEqual(freePort(() => draws.shift() ?? 0.5), port);
  assert.ok(draws.length < 2, "the taken port was tried");
  listener.close();
});

Deno.test("freePort gives no port twice", () => {
  const draws = [0.3, 0.3, 0.31, 0.32];
  const random = () => draws.shift() ?? Math.random();
  assert.notEqual(freePort(random), freePort(random));
});

Deno.test("freePort takes from the range that it is given", () => {
  assert.equal(freePort(() => 0, "16400-16400"), 16_400);
});

Deno.test("freePort refuses a range that is none", () => {
  for (const range of ["16400", "16401-16400", "all-of-them"]) {
    assert.throws(() => freePort(() => 0, range), /DITTOFS_TEST_PORTS is FIRST-LAST/);
  }
});

Deno.test("portRanges() have no port in common, and lie where freePort takes from", () => {
  const ranges = portRanges(3).map((range) => range.split("-").map(Number));
  const bounds = ranges.flat();
  assert.equal(bounds.length, 6);
  assert.deepEqual(bounds, bounds.toSorted((a, b) => a - b));
  assert.equal(new Set(bounds).size, 6);
  assert.ok(bounds.every((port) => port >= 15_000 && port < 32_768), String(bounds));
});

/** A listener on a port in the range of freePort that freePort did not give. */
function takeSomePort(): { port: number; listener: Deno.Listener } {
  for (let port = 15_000; port < 16_000; port++) {
    try {
      return { port, listener: Deno.listen({ hostname: "127.0.0.1", port }) };
    } catch (error) {
      if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    }
  }
  throw new Error("no port to take");
}
