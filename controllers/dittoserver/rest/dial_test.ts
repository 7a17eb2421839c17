import assert from "node:assert/strict";
import { systemClock } from "../../../kube/clock.ts";
import { VirtualClock } from "../../../kube/testing/virtual_clock.ts";
import { listensAt, tcpDial } from "./dial.ts";

Deno.test("listensAt() says that somebody listens, or that nobody does", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  assert.equal(await listensAt(tcpDial, systemClock, "127.0.0.1", port), "open");
  listener.close();
  assert.equal(await listensAt(tcpDial, systemClock, "127.0.0.1", port), "closed");
});

Deno.test("listensAt() says of a name that is not known, and of silence, that nothing is known", async () => {
  const clock = new VirtualClock();
  const unnamed = () => Promise.reject(new Error("failed to lookup address"));
  assert.equal(await listensAt(unnamed, clock, "x", 1), "unknown");
  const silent = (_host: string, _port: number, signal: AbortSignal) =>
    new Promise<void>((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  const asked = listensAt(silent, clock, "x", 1);
  await clock.advance(3_000);
  assert.equal(await asked, "unknown");
  assert.equal(clock.pending, 0);
});

Deno.test("listensAt() takes a missing permission for no answer about the server", async () => {
  const forbidden = () => Promise.reject(new Deno.errors.NotCapable("no net access"));
  await assert.rejects(
    listensAt(forbidden, new VirtualClock(), "x", 1),
    Deno.errors.NotCapable,
  );
});
