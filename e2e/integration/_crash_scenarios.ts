// Changes of the cluster that the operator has to follow, for the crash test.

import type { WriteCrashScenario } from "./_crash_at_writes.ts";
import { leaveGoServer } from "./_go_operator.ts";
import type { TestPlane } from "./_plane.ts";

/** A change, and how the namespace is brought to where it begins. */
export interface Scenario extends WriteCrashScenario {
  readonly before: (ground: TestPlane, namespace: string) => Promise<unknown>;
  /** An operator without faults runs until rest between `before` and `change`. */
  readonly settled: boolean;
  readonly change: (ground: TestPlane, namespace: string) => Promise<unknown>;
  /** The server is gone then. */
  readonly removes?: boolean;
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

export const scenarios: readonly Scenario[] = [
  {
    name: "create",
    before: nothing,
    settled: false,
    change: create(),
    writes: 8,
    ends: /"phase": "Pending"/,
  },
  {
    name: "edit",
    before: create(),
    settled: true,
    change: edit({ replicas: 0, controlPlane: { port: 9000 }, logging: { level: "DEBUG" } }),
    writes: 4,
    ends: /port: 9000/,
  },
  {
    name: "rotation",
    before: async (ground, namespace) => {
      await secret("a")(ground, namespace);
      await withSecret(ground, namespace);
    },
    settled: true,
    change: secret("b"),
    writes: 1,
    ends: /StatefulSet/,
  },
  {
    name: "hibernate",
    before: create(),
    settled: true,
    change: edit({ hibernate: true }),
    writes: 2,
    ends: /"replicas": 0/,
  },
  {
    name: "wake",
    before: create({ hibernate: true }),
    settled: true,
    change: edit({ hibernate: false }),
    writes: 2,
    ends: /"replicas": 1/,
  },
  {
    name: "take-over",
    before: leaveGoServer,
    settled: false,
    change: nothing,
    writes: 20,
    ends: /"podManagementPolicy": "Parallel"/,
  },
  {
    name: "delete",
    before: create(),
    settled: true,
    change: remove,
    writes: "none",
    ends: /PersistentVolumeClaim/,
    removes: true,
  },
];
