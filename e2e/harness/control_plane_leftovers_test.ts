import assert from "node:assert/strict";
import { makePlaneDirectory, removeLeftovers } from "./control_plane_leftovers.ts";

Deno.test("removeLeftovers removes what a dead run left and nothing else", async () => {
  const parent = await Deno.makeTempDir();
  try {
    const dead = "dittofs-plane-77-x";
    await Deno.mkdir(`${parent}/${dead}`);
    await Deno.mkdir(`${parent}/somebody-else`);
    const ours = await makePlaneDirectory(parent);
    const isAlive = (pid: string) => Promise.resolve(pid === String(Deno.pid));
    assert.deepEqual(await removeLeftovers(parent, isAlive), [dead]);
    const left = [];
    for await (const { name } of Deno.readDir(parent)) left.push(`${parent}/${name}`);
    assert.deepEqual(left.sort(), [ours, `${parent}/somebody-else`].sort());
  } finally {
    await Deno.remove(parent, { recursive: true });
  }
});
