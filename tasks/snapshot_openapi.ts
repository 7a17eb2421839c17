// Takes a new snapshot of the Kubernetes schemas: after a change of KINDS or of the Kubernetes
// version. `deno run -A tasks/snapshot_openapi.ts DIRECTORY`, where DIRECTORY is
// api/openapi-spec/v3 of the Kubernetes source (the Go module that e2e/tools pins); the API
// server serves the same documents, which an integration test holds it to.

import { snapshot } from "./_openapi_snapshot.ts";

const directory = Deno.args[0];
if (!directory) {
  throw new Error("name the directory with the OpenAPI v3 documents");
}
const schemas = await snapshot(async (document) => {
  const file = `${document.replaceAll("/", "__")}_openapi.json`;
  return JSON.parse(await Deno.readTextFile(`${directory}/${file}`));
});
const target = new URL("../api/kubernetes/openapi.json", import.meta.url);
await Deno.writeTextFile(target, `${JSON.stringify(schemas, null, 1)}\n`);
