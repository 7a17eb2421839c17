// Whether somebody listens: a connection that is closed at once.

import type { Clock } from "../../../kube/clock.ts";

/**
 * - `open`: somebody listens
 * - `closed`: nobody does; the other side says so
 * - `unknown`: no answer, or the name is not known here; that says nothing of the server
 */
export type Listening = "open" | "closed" | "unknown";

/** Connects to a port and closes the connection. Rejects when that does not work. */
export type Dial = (hostname: string, port: number, signal: AbortSignal) => Promise<void>;

/** How long a connection may take, in milliseconds. */
const PATIENCE_MS = 3_000;

/** Connects over TCP. */
export const tcpDial: Dial = async (hostname, port, signal) => {
  const connection = await Deno.connect({ hostname, port, signal });
  connection.close();
};

/** Tries a port. Never rejects but for a mistake of ours. */
export async function listensAt(
  dial: Dial,
  clock: Clock,
  hostname: string,
  port: number,
): Promise<Listening> {
  const patience = new AbortController();
  using _timer = clock.timer(PATIENCE_MS, () => patience.abort());
  try {
    await dial(hostname, port, patience.signal);
    return "open";
  } catch (error) {
    if (error instanceof Deno.errors.ConnectionRefused) return "closed";
    // Without the permission for the host nothing was tried.
    if (error instanceof Deno.errors.NotCapable) throw error;
    return "unknown";
  }
}
