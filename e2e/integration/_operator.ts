// A control plane on which the operator's shipped manifests are installed, and servers to try.

import { API_VERSION } from "../../api/group.ts";
import { RESOURCES } from "../../api/resources.ts";
import { operatorUser } from "../harness/operator_process.ts";
import { until } from "../harness/poll.ts";
import { type PlaneOptions, type TestPlane, testPlane } from "./_plane.ts";

const manifest = (name: string) => new URL(`../../manifests/${name}`, import.meta.url).pathname;

/** A control plane with custom resources and permissions, as an administrator installs them. */
export async function operatorGround(options: PlaneOptions): Promise<TestPlane> {
  const users = { [operatorUser]: [], ...options.users };
  const ground = await testPlane({ ...options, users });
  await ground.kubectl(["create", "namespace", "dittofs-system"]);
  await install(ground);
  return ground;
}

/** Applies CRDs and RBAC, and waits until every resource is served. */
export async function install(ground: TestPlane): Promise<void> {
  await ground.kubectl(["apply", "--server-side", "-f", manifest("rbac.yaml")]);
  await ground.kubectl(["apply", "--server-side", "-f", manifest("crds.yaml")]);
  // `kubectl wait` fails on a resource so new that it has no conditions.
  for (const { definition } of RESOURCES) {
    const path = `/apis/${API_VERSION}/${definition.plural}`;
    await until(`${definition.plural} are served`, async () => {
      return (await ground.plane.client().send(path)).status === 200;
    }, { within: 30_000 });
  }
}

/** Takes the custom resources away again. */
export async function uninstallCrds(ground: TestPlane): Promise<void> {
  await ground.kubectl(["delete", "--wait", "-f", manifest("crds.yaml")]);
}

/** Makes a server in namespace `default`. */
export async function createServer(ground: TestPlane, name: string): Promise<void> {
  const server = {
    apiVersion: "dittofs.dittofs.com/v1alpha1",
    kind: "DittoServer",
    metadata: { name, namespace: "default" },
    spec: { storage: { metadataSize: "1Gi", contentSize: "2Gi" } },
  };
  await ground.kubectl(["create", "-f", "-"], { input: JSON.stringify(server) });
}

/** Everything that the operator makes for a server, and its status; waits until all is there. */
export async function untilMade(ground: TestPlane, name: string): Promise<void> {
  await until(`the objects of ${name} exist`, async () => {
    const { status } = await ground.plane.client().send(
      `/apis/apps/v1/namespaces/default/statefulsets/${name}`,
    );
    return status === 200 && (await phaseOf(ground, name)) !== "";
  }, { within: 30_000 });
}

/** `status.phase` of a server; empty while it has none. */
export async function phaseOf(ground: TestPlane, name: string): Promise<string> {
  const path = "jsonpath={.status.phase}";
  return await ground.kubectl(["get", "dittoserver", name, "--namespace=default", "-o", path]);
}

/** Every object that belongs to servers, with its version: two equal texts mean no write between. */
export async function versions(ground: TestPlane): Promise<string> {
  return await ground.kubectl([
    "get",
    "dittoservers,statefulsets,configmaps,services,secrets,controllerrevisions",
    "--namespace=default",
    "--no-headers",
    "--output=custom-columns=:.kind,:.metadata.name,:.metadata.uid,:.metadata.resourceVersion",
  ]);
}
