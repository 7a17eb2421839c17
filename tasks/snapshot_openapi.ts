// Takes a new snapshot of the Kubernetes schemas, from an API server of the version that
// e2e/tools pins: after a change of that version, or of KINDS. `deno run -A
// tasks/snapshot_openapi.ts`, then `deno task generate`.

import { startControlPlane } from "../e2e/harness/control_plane.ts";
import { terminalProgress } from "../e2e/harness/progress.ts";
import { ensureTools } from "../e2e/harness/toolchain.ts";
import { snapshot } from "./_openapi_snapshot.ts";

const tools = await ensureTools(["etcd", "kube-apiserver"], terminalProgress());
await using plane = await startControlPlane({ tools });
const schemas = await snapshot(async (document) => {
  const { status, text } = await plane.client().send(`/openapi/v3/${document}`);
  if (status !== 200) throw new Error(`the API server answers ${status} for ${document}: ${text}`);
  return JSON.parse(text);
});
const target = new URL("../api/kubernetes/openapi.json", import.meta.url);
await Deno.writeTextFile(target, `${JSON.stringify(schemas, null, 1)}\n`);
