// The server as a whole.

import type { CallOptions, Requests } from "./requests.ts";

/** `/system` */
export class System {
  constructor(private readonly requests: Requests) {}

  /**
   * Waits until everything is uploaded to the remote stores. Giving up ends the wait at the
   * server, not the uploads. Throws a `ServerError` of 504 when they no longer move.
   */
  drainUploads(timeoutMs: number, options: Omit<CallOptions, "timeoutMs"> = {}): Promise<void> {
    const path = "/system/drain-uploads";
    return this.requests.tell({ ...options, method: "POST", path, timeoutMs });
  }
}
