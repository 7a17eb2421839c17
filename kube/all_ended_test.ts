import assert from "node:assert/strict";
import { allEnded } from "./all_ended.ts";

Deno.test("allEnded() gives the results in the order of the steps", async () => {
  const [number, text] = await allEnded([Promise.resolve(1), Promise.resolve("a")]);
  assert.deepEqual([number, text], [1, "a"]);
});

Deno.test("allEnded() throws a failure only when the other steps have ended", async () => {
  const slow = Promise.withResolvers<void>();
  const order: string[] = [];
  const all = allEnded([
    Promise.reject(new Error("failed")),
    slow.promise.then(() => order.push("ended")),
  ]).catch((error) => order.push(error.message));
  await new Promise((resolve) => setTimeout(resolve));
  slow.resolve();
  await all;
  assert.deepEqual(order, ["ended", "failed"]);
});
