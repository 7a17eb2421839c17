// What the Go operator leaves in a namespace, from the same files that the Chainsaw scenario
// take-over uses.

import type { TestPlane } from "./_plane.ts";
import { read } from "./_read.ts";

const folder = new URL("../chainsaw/take-over/", import.meta.url);
const create = ["create", "--field-manager=manager", "--filename=-"];

/** The name of the server in the files. */
export const leftServer = "files";

/** Makes a server, its status, its volumes and its objects as that operator's own writes. */
export async function leaveGoServer(ground: TestPlane, namespace: string): Promise<void> {
  const kubectl = (args: readonly string[], input?: string) =>
    ground.kubectl(
      ["--namespace", namespace, ...args],
      input === undefined ? {} : { input },
    );
  await kubectl(create, await text("resource.yaml"));
  await kubectl([
    "patch",
    "dittoserver",
    leftServer,
    "--subresource=status",
    "--type=merge",
    "--field-manager=manager",
    "--patch-file",
    new URL("status.yaml", folder).pathname,
  ]);
  await kubectl(create, await text("volumes.yaml"));
  const { metadata: { uid } } = await read(ground, "dittoservers", namespace, leftServer);
  const objects = await text("objects.yaml");
  const filled = objects.replaceAll("OWNER_UID", uid).replaceAll("NAMESPACE", namespace);
  await kubectl(create, filled);
}

function text(name: string): Promise<string> {
  return Deno.readTextFile(new URL(name, folder));
}
