// Changes of the cluster that the operator has to follow, for the crash test.

import type { TestPlane } from "./_plane.ts";

/** A change, and how the namespace is brought to where it begins. */
export interface Scenario {
  readonly name: string;
  readonly before: (ground: TestPlane, namespace: string) => Promise<unknown>;
  /** An operator without faults runs until rest between `before` and `change`. */
  readonly settled: boolean;
  readonly change: (ground: TestPlane, namespace: string) => Promise<unknown>;
  /** Whether the state shows that the operator has begun. @default it has written a status */
  readonly begun?: (state: string) => boolean;
}

type Spec = Readonly<Record<string, unknown>>;

const create = (spec: Spec = {}) => (ground: TestPlane, namespace: string) => {
  const server = {
    apiVersion: "dittofs.dittofs.com/v1alpha1",
    kind: "DittoServer",
    metadata: { name: "demo", namespace },
    spec: { storage: { metadataSize: "1Gi", contentSize: "2Gi" }, ...spec },
  };
  return ground.kubectl(["create", "-f", "-"], { input: JSON.stringify(server) });
};

const edit = (spec: Spec) => (ground: TestPlane, namespace: string) => {
  const target = ["dittoserver", "demo", "--namespace", namespace];
  return ground.kubectl(["patch", ...target, "--type=merge", "-p", JSON.stringify({ spec })]);
};

const secret = (key: string) => (ground: TestPlane, namespace: string) =>
  ground.kubectl(["apply", "--server-side", "-f", "-"], {
    input: JSON.stringify({
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "jwt", namespace },
      stringData: { key: key.repeat(40) },
    }),
  });

const withSecret = create({ identity: { jwt: { secretRef: { name: "jwt", key: "key" } } } });

const remove = (ground: TestPlane, namespace: string) =>
  ground.kubectl(["delete", "dittoserver", "demo", "--namespace", namespace]);

const nothing = () => Promise.resolve();

/** The files of the Chainsaw scenario hold what the Go operator leaves behind. */
const leftBehind = (name: string) =>
  Deno.readTextFile(new URL(`../chainsaw/take-over/${name}`, import.meta.url));

async function ofGoOperator(ground: TestPlane, namespace: string): Promise<void> {
  const as = ["--namespace", namespace, "--field-manager=manager"];
  const make = (input: string) => ground.kubectl(["create", ...as, "-f", "-"], { input });
  await make(await leftBehind("resource.yaml"));
  const uid = await ground.kubectl([
    ...["get", "dittoserver", "files", "--namespace", namespace, "-o", "jsonpath={.metadata.uid}"],
  ]);
  await ground.kubectl([
    ...["patch", "dittoserver", "files", ...as, "--subresource=status", "--type=merge"],
    ...["--patch-file", new URL("../chainsaw/take-over/status.yaml", import.meta.url).pathname],
  ]);
  await make(await leftBehind("volumes.yaml"));
  const objects = await leftBehind("objects.yaml");
  await make(objects.replaceAll("OWNER_UID", uid).replaceAll("NAMESPACE", namespace));
}

export const scenarios: readonly Scenario[] = [
  { name: "create", before: nothing, settled: false, change: create() },
  {
    name: "edit",
    before: create(),
    settled: true,
    change: edit({ replicas: 0, controlPlane: { port: 9000 }, logging: { level: "DEBUG" } }),
  },
  {
    name: "rotation",
    before: async (ground, namespace) => {
      await secret("a")(ground, namespace);
      await withSecret(ground, namespace);
    },
    settled: true,
    change: secret("b"),
  },
  { name: "hibernate", before: create(), settled: true, change: edit({ hibernate: true }) },
  {
    name: "wake",
    before: create({ hibernate: true }),
    settled: true,
    change: edit({ hibernate: false }),
  },
  {
    name: "take-over",
    before: ofGoOperator,
    settled: false,
    change: nothing,
    begun: (state) => !state.includes("dittofs.dittofs.com/finalizer"),
  },
  { name: "delete", before: create(), settled: true, change: remove },
];
