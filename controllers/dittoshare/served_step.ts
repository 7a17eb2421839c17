// Lets clients in, or keeps them out.
//
// Two things keep a share closed. What must protect it may wait for a restart of the server
// (restart.ts). And contents that were lost with the volume of a share that has a bucket read as
// zeros, and nobody says so: they are fetched from the bucket first (fetch_step.ts).

import type { Share as Row } from "../../dittofs/shares.ts";
import { fetchContents } from "./fetch_step.ts";
import { PROTECTIONS } from "./nfs.ts";
import { mayChange, type Reached } from "./pass.ts";
import type { ShareStores } from "./stores_step.ts";

/** Opens or closes a share. Returns the row as it then is. */
export async function serve(reached: Reached, stores: ShareStores, row: Row): Promise<Row> {
  const { pass } = reached;
  tellRestart(reached);
  const contents = await fetchContents(reached, stores, () => switched(reached, row, false));
  if (contents === "missing") return { ...row, enabled: false };
  const closed = pass.noted.restart?.closed ?? false;
  if (row.enabled === !closed && contents === "there") return row;
  // What we closed ourselves we open in any case; all else is somebody's change.
  const ours = contents === "fetched" || closed || pass.resource.status?.restart?.closed;
  if (!ours && !mayChange(reached, "Serving", ["whether the share is switched on"])) return row;
  return await switched(reached, row, !closed);
}

async function switched({ client, share }: Reached, row: Row, on: boolean): Promise<Row> {
  const { shares } = client;
  // After its contents were fetched the row is older than what we did to it.
  if (row.enabled === on && !on) return row;
  return await (on ? shares.enable(share.shareName) : shares.disable(share.shareName));
}

/** What protects the share, or holds its contents, and is not in force yet. */
function tellRestart({ pass }: Reached): void {
  const { fields = [], closed = false } = pass.noted.restart ?? {};
  const late = fields.filter((field) => PROTECTIONS.has(field));
  if (late.length > 0) {
    const until = closed ? "; until then the share is switched off" : "";
    const message = `from the next restart of the server on: ${late.join(", ")}${until}`;
    pass.problems.push({ aspect: "Serving", reason: "RestartNeeded", message, stalled: true });
  }
  if (fields.includes("storage.remote")) {
    const message = "the server takes the bucket over when it restarts";
    pass.problems.push({ aspect: "StoresReady", reason: "RestartNeeded", message, stalled: true });
  }
}
