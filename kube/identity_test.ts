// Who we are stays true while a token is replaced on disk [rule 16].

import assert from "node:assert/strict";
import { ConnectionError } from "./errors.ts";
import { staticIdentity, TokenFile } from "./identity.ts";
import { VirtualClock } from "./testing/virtual_clock.ts";

/** A token file that a test writes and, at its end, removes. */
async function withTokenFile(
  test: (file: TokenFile, path: string, clock: VirtualClock) => Promise<void>,
): Promise<void> {
  const path = await Deno.makeTempFile();
  try {
    await Deno.writeTextFile(path, "one\n");
    const clock = new VirtualClock();
    await test(new TokenFile(path, clock), path, clock);
  } finally {
    await Deno.remove(path).catch((error) => {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    });
  }
}

Deno.test("TokenFile [rule 16] reads the file again once a minute, not for each request", async () => {
  await withTokenFile(async (file, path, clock) => {
    assert.deepEqual(await file.current(), { token: "one" });
    await Deno.writeTextFile(path, "two");
    await clock.advance(59_999);
    assert.deepEqual(await file.current(), { token: "one" });
    await clock.advance(1);
    assert.deepEqual(await file.current(), { token: "two" });
  });
});

Deno.test("TokenFile [rule 16] reads the file again at once after a 401", async () => {
  await withTokenFile(async (file, path) => {
    await file.current();
    await Deno.writeTextFile(path, "two");
    assert.deepEqual(await file.renew(), { token: "two" });
    assert.deepEqual(await file.current(), { token: "two" });
  });
});

Deno.test("TokenFile.renew() has nothing to offer if the file says the same", async () => {
  await withTokenFile(async (file) => {
    await file.current();
    assert.equal(await file.renew(), undefined);
  });
});

Deno.test("TokenFile.renew() helps every request that was sent with the old token, not only the first", async () => {
  await withTokenFile(async (file, path, clock) => {
    await file.current();
    await Deno.writeTextFile(path, "two");
    const refused = await Promise.all([file.renew(), file.renew(), file.renew()]);
    assert.deepEqual(refused, Array(3).fill({ token: "two" }));
    await clock.advance(30_000);
    assert.deepEqual(await file.renew(), { token: "two" });
    await clock.advance(40_000);
    assert.equal(await file.renew(), undefined);
  });
});

Deno.test("TokenFile keeps its token while the file is out of reach", async () => {
  await withTokenFile(async (file, path, clock) => {
    await file.current();
    await Deno.remove(path);
    await clock.advance(60_000);
    assert.deepEqual(await file.current(), { token: "one" });
    await Deno.writeTextFile(path, "two");
    assert.deepEqual(await file.current(), { token: "two" });
  });
});

Deno.test("TokenFile names the file that it cannot use", async () => {
  await withTokenFile(async (file, path) => {
    await Deno.writeTextFile(path, "\n");
    await assert.rejects(file.current(), (error: unknown) => {
      return error instanceof ConnectionError && error.message.includes(`${path} is empty`);
    });
    await Deno.remove(path);
    await assert.rejects(file.current(), (error: unknown) => {
      return error instanceof ConnectionError && error.message.includes(`${path} cannot be read`);
    });
  });
});

Deno.test("staticIdentity() never changes", async () => {
  const identity = staticIdentity({ token: "mine" });
  assert.deepEqual(await identity.current(), { token: "mine" });
  assert.equal(await identity.renew(), undefined);
});
