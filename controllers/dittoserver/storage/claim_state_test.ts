// What is told of one volume, for everything that can be so with it.

import assert from "node:assert/strict";
import type { StorageClass } from "../../../api/kubernetes/types.ts";
import { serverWith, testClaim, testClass } from "./_fixture.ts";
import { volumeState } from "./claim_state.ts";
import { wantedVolumes } from "./volume.ts";

interface Case {
  readonly claim?: ReturnType<typeof testClaim>;
  readonly classes?: readonly StorageClass[];
  readonly refusal?: string;
}

/** The state of a metadata volume that should have 5Gi. */
function stateOf({ claim, classes = [testClass("fast")], refusal }: Case = {}) {
  const [volume] = wantedVolumes(serverWith({ metadataSize: "5Gi" }));
  assert.ok(volume);
  const storageClass = (name = "fast") => classes.find(({ metadata }) => metadata?.name === name);
  return volumeState({ volume, claim, storageClass, refusal });
}

const resizing = (type: string, message: string, status = "True") => ({ type, status, message });
const pending = { status: { phase: "Pending", capacity: {} } } as const;

const table: readonly (readonly [
  what: string,
  Case,
  state: string,
  reason: string,
  grow: boolean,
  message: RegExp,
])[] = [
  ["no claim", {}, "Pending", "VolumePending", false, /"metadata-demo-0" waits for a volume: /],
  [
    "a claim of the wanted size",
    { claim: testClaim("metadata", { request: "5Gi" }) },
    ...["Bound", "VolumesBound", false, /bound to a volume of 5Gi/] as const,
  ],
  [
    "a claim that says the same in other words",
    { claim: testClaim("metadata", { request: "5120Mi" }) },
    ...["Bound", "VolumesBound", false, /bound/] as const,
  ],
  [
    "a claim that is larger, as one of an earlier server may be",
    { claim: testClaim("metadata", { request: "9Gi" }) },
    ...["Bound", "VolumesBound", false, /9Gi/] as const,
  ],
  [
    "a volume that is larger than its claim asked for",
    { claim: testClaim("metadata", { request: "1Gi", capacity: "10Gi" }), classes: [] },
    ...["Bound", "VolumesBound", false, /10Gi/] as const,
  ],
  [
    "a claim that is too small",
    { claim: testClaim("metadata") },
    ...["Growing", "Growing", true, /grows from 1Gi to 5Gi/] as const,
  ],
  [
    "a claim that is too small, and of a class that cannot grow",
    { claim: testClaim("metadata"), classes: [testClass("fast", { allowVolumeExpansion: false })] },
    ...[
      "Stuck",
      "ClassCannotGrow",
      false,
      /StorageClass "fast" does not allow it; set allowVolumeExpansion: true .*example.com\/disk/,
    ] as const,
  ],
  [
    "a claim that is too small, and of a class that is gone",
    { claim: testClaim("metadata"), classes: [] },
    ...["Stuck", "ClassCannotGrow", false, /there is no StorageClass "fast"/] as const,
  ],
  [
    "a claim that is too small, and of no class",
    {
      claim: testClaim("metadata", {
        className: "",
      }),
    },
    ...["Stuck", "ClassCannotGrow", false, /it has no StorageClass/] as const,
  ],
  [
    "a growth that was refused",
    { claim: testClaim("metadata"), refusal: "exceeded quota: small" },
    ...["Stuck", "GrowthRefused", false, /may not grow from 1Gi to 5Gi: exceeded quota/] as const,
  ],
  [
    "a claim that asks for enough and whose volume follows",
    { claim: testClaim("metadata", { request: "5Gi", capacity: "1Gi" }) },
    ...["Growing", "Growing", false, /grows from 1Gi to 5Gi$/] as const,
  ],
  [
    "a growth that waits for the pod",
    {
      claim: testClaim("metadata", {
        request: "5Gi",
        capacity: "1Gi",
        status: {
          conditions: [
            resizing("FileSystemResizePending", "Waiting for user to (re-)start a pod"),
            resizing("Resizing", "of long ago", "False"),
            resizing("ModifyingVolume", "of something else"),
          ],
        },
      }),
    },
    ...["Growing", "Growing", false, /to 5Gi: Waiting for user to \(re-\)start a pod$/] as const,
  ],
  ...(["ControllerResizeInfeasible", "NodeResizeInfeasible"] as const).map((status) =>
    [
      `a growth that is ${status}`,
      {
        claim: testClaim("metadata", {
          request: "5Gi",
          capacity: "1Gi",
          status: {
            allocatedResourceStatuses: { storage: status },
            conditions: [resizing("ControllerResizeError", "the disk is full")],
          },
        }),
      },
      ...[
        "Stuck",
        "GrowthInfeasible",
        false,
        /cannot grow .*: the disk is full; make room/,
      ] as const,
    ] as const
  ),
  [
    "a growth that the node has still to do",
    {
      claim: testClaim("metadata", {
        request: "5Gi",
        capacity: "1Gi",
        status: { allocatedResourceStatuses: { storage: "NodeResizePending" } },
      }),
    },
    ...["Growing", "Growing", false, /grows/] as const,
  ],
  [
    "a claim that waits for its pod, whatever size it asks for",
    {
      claim: testClaim("metadata", pending),
      classes: [testClass("fast", { volumeBindingMode: "WaitForFirstConsumer" })],
    },
    ...["Pending", "VolumePending", false, /makes it when the pod has a node/] as const,
  ],
  [
    "a claim that waits for its provisioner",
    { claim: testClaim("metadata", pending) },
    ...["Pending", "VolumePending", false, /provisioner "example.com\/disk"/] as const,
  ],
  [
    "a claim that waits for a class that is not there",
    { claim: testClaim("metadata", pending), classes: [] },
    ...["Pending", "VolumePending", false, /there is no StorageClass "fast"; create it/] as const,
  ],
  [
    "a claim without a class that waits for a volume",
    { claim: testClaim("metadata", { ...pending, className: "" }) },
    ...[
      "Pending",
      "VolumePending",
      false,
      /no StorageClass, and the cluster has no default/,
    ] as const,
  ],
  [
    "a claim that has lost its volume",
    { claim: testClaim("metadata", { status: { phase: "Lost" } }) },
    ...["Stuck", "VolumeLost", false, /has lost its PersistentVolume/] as const,
  ],
  [
    "a claim that is being deleted",
    { claim: testClaim("metadata", { metadata: { deletionTimestamp: "2030-01-01T00:00:00Z" } }) },
    ...["Stuck", "ClaimBeingDeleted", false, /is being deleted, and its data/] as const,
  ],
];

for (const [what, given, state, reason, grow, message] of table) {
  Deno.test(`volumeState() of ${what} is ${state}, ${reason}${grow ? ", to be grown" : ""}`, () => {
    const found = stateOf(given);
    assert.deepEqual(
      { state: found.state, reason: found.reason, grow: found.grow },
      { state, reason, grow },
    );
    assert.match(found.message, message);
  });
}
