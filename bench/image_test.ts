import assert from "node:assert/strict";
import { imageSettings, shippedSettings } from "./image.ts";

Deno.test("imageSettings() reads V8's flags and what decides about memory", () => {
  const dockerfile = 'ENV A=1 MALLOC_ARENA_MAX=1 B=2\nENTRYPOINT ["deno", "--v8-flags=--x=2", "f"]';
  assert.deepEqual(imageSettings(dockerfile), {
    v8Flags: "--x=2",
    env: { MALLOC_ARENA_MAX: "1" },
  });
});

Deno.test("imageSettings() of an image without settings are none", () => {
  assert.deepEqual(imageSettings("FROM scratch"), { v8Flags: "", env: {} });
});

Deno.test("shippedSettings() finds the settings that the Dockerfile has", async () => {
  const { v8Flags, env } = await shippedSettings();
  assert.match(v8Flags, /semi-space/);
  assert.equal(env.MALLOC_ARENA_MAX, "1");
});
