// deno task undeploy [--namespace NAMESPACE] [--with-crds] [--kubeconfig FILE] [--context NAME]
//
// Without --with-crds the DittoServers stay, and their servers go on running.

import { parseArgs } from "node:util";
import { runTask } from "./_cluster.ts";
import { undeploy } from "./_deploy.ts";
import { SHIPPED } from "./_generated.ts";
import { print } from "./_print.ts";

await runTask(async () => {
  const { values } = parseArgs({
    options: {
      namespace: { type: "string", default: SHIPPED.namespace },
      "with-crds": { type: "boolean", default: false },
      kubeconfig: { type: "string" },
      context: { type: "string" },
    },
  });
  await undeploy({
    ...values,
    withCrds: values["with-crds"],
    progressLine: (line) => print(line),
  });
});
