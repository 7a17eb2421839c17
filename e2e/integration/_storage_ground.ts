// A control plane with storage that grows: StorageClasses and a stand-in for their provisioner.

import type { StorageClass } from "../../api/kubernetes/types.ts";
import { FakeStorage } from "./_fake_storage.ts";
import { install } from "./_operator.ts";
import { type TestPlane, testPlane } from "./_plane.ts";

/** The control plane, and what stands in for storage and kubelet on it. */
export interface StorageGround extends AsyncDisposable {
  readonly ground: TestPlane;
  readonly storage: FakeStorage;
}

/** Starts them, with these classes by their names. */
export async function storageGround(
  classes: Readonly<Record<string, Omit<StorageClass, "metadata">>>,
): Promise<StorageGround> {
  const ground = await testPlane({ controllerManager: true });
  await ground.kubectl(["create", "namespace", "dittofs-system"]);
  await install(ground);
  for (const [name, fields] of Object.entries(classes)) {
    const kind = { apiVersion: "storage.k8s.io/v1", kind: "StorageClass", metadata: { name } };
    await ground.kubectl(["create", "-f", "-"], { input: JSON.stringify({ ...kind, ...fields }) });
  }
  const storage = new FakeStorage(ground);
  return {
    ground,
    storage,
    async [Symbol.asyncDispose]() {
      await storage[Symbol.asyncDispose]();
      await ground[Symbol.asyncDispose]();
    },
  };
}
