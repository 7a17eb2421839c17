import assert from "node:assert/strict";
import { imageSettings, shippedSettings } from "./image.ts";

Deno.test("imageSettings() reads V8's flags and what else decides about memory", () => {
  const dockerfile =
    "FROM x\nENV A=1 \\\n  MALLOC_ARENA_MAX=1 \\\n  B=2\nENV DENO_V8_FLAGS=--x=2,--y\n";
  assert.deepEqual(imageSettings(dockerfile), {
    MALLOC_ARENA_MAX: "1",
    DENO_V8_FLAGS: "--x=2,--y",
  });
});

Deno.test("imageSettings() of an image without settings are none", () => {
  assert.deepEqual(imageSettings("FROM scratch"), {});
});

Deno.test("shippedSettings() finds the settings that the Dockerfile has", async () => {
  const settings = await shippedSettings();
  assert.match(settings.DENO_V8_FLAGS ?? "", /semi-space/);
  assert.equal(settings.MALLOC_ARENA_MAX, "1");
});
