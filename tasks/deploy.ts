// deno task deploy [--image IMAGE] [--namespace NAMESPACE] [--kubeconfig FILE] [--context NAME]

import { parseArgs } from "node:util";
import { runTask } from "./_cluster.ts";
import { deploy } from "./_deploy.ts";
import { SHIPPED } from "./_generated.ts";
import { print } from "./_print.ts";

export { deploy } from "./_deploy.ts";

if (import.meta.main) {
  await runTask(async () => {
    const { values } = parseArgs({
      options: {
        image: { type: "string", default: SHIPPED.image },
        namespace: { type: "string", default: SHIPPED.namespace },
        kubeconfig: { type: "string" },
        context: { type: "string" },
      },
    });
    await deploy({ ...values, progressLine: (line) => print(line) });
  });
}
