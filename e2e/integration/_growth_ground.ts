// A control plane on which volumes grow, or are refused growth, and what is asked of servers there.

import assert from "node:assert/strict";
import { type FakeStorage, PROVISIONER } from "./_fake_storage.ts";
import type { TestPlane } from "./_plane.ts";
import { type StorageGround, storageGround } from "./_storage_ground.ts";
import { runStorageOperator } from "./_storage_operator.ts";
import {
  conditionOf,
  isSettled,
  type Moment,
  StorageServer,
  templatesOf,
} from "./_storage_server.ts";

const served = { provisioner: PROVISIONER, allowVolumeExpansion: true };
const classes = {
  fast: { ...served },
  lazy: { ...served, volumeBindingMode: "WaitForFirstConsumer" as const },
  rigid: { provisioner: PROVISIONER },
  dead: { provisioner: "storage.test/nobody", allowVolumeExpansion: true },
};

/** A volume of the class `fast`. */
export const fast = { metadataSize: "1Gi", storageClassName: "fast" };

/** The control plane. */
export class GrowthGround implements AsyncDisposable {
  private constructor(readonly plane: StorageGround) {}

  static async start(): Promise<GrowthGround> {
    return new GrowthGround(await storageGround(classes));
  }

  get ground(): TestPlane {
    return this.plane.ground;
  }

  get storage(): FakeStorage {
    return this.plane.storage;
  }

  /** A server whose every volume is bound, with an operator that looks after it. */
  async readyServer(
    namespace: string,
    spec?: Parameters<StorageServer["make"]>[0],
    first?: (server: StorageServer) => Promise<void>,
  ) {
    const server = await StorageServer.create(this.ground, namespace, spec ?? fast, first);
    const operator = await runStorageOperator(this.ground, {
      namespace,
      userAgent: agentOf(namespace),
    });
    const before = await server.untilReady();
    return { server, before, [Symbol.asyncDispose]: () => operator[Symbol.asyncDispose]() };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.plane[Symbol.asyncDispose]();
  }
}

/** The user agent of the operator that looks after a namespace. */
export const agentOf = (namespace: string) => `growth-test/${namespace}`;

/** Nobody has noticed: the same pod, and the same claims. */
export function assertUndisturbed(before: Moment, after: Moment): void {
  const identities = ({ pod, claims }: Moment) => ({
    pod: [pod?.metadata.uid, pod?.metadata.labels],
    claims: Object.values(claims).map(({ metadata }) => metadata.uid),
  });
  assert.deepEqual(identities(after), identities(before));
}

/** Whether the templates have these sizes and everything is as wanted. */
export const grownTo = (sizes: Record<string, string>) => (moment: Moment): boolean =>
  isSettled(moment) && JSON.stringify(templatesOf(moment.statefulSet)) === JSON.stringify(sizes);

/** Whether StorageReady has this reason. */
export const reasonIs = (reason: string) => ({ server }: Moment) =>
  conditionOf(server)?.reason === reason;
