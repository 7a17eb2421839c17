// What `kubectl get` prints of more than one kind.

import type { ResourceDefinition } from "./crd.ts";

type Column = ResourceDefinition["columns"][number];

const readyCondition = (field: string) => `.status.conditions[?(@.type=="Ready")].${field}`;

export const READY: Column = { name: "Ready", type: "string", jsonPath: readyCondition("status") };

export const PHASE: Column = { name: "Phase", type: "string", jsonPath: ".status.phase" };

export const AGE: Column = { name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp" };

/** Why it is ready or not, with `-o wide`. */
export const MESSAGE: Column = {
  ...{ name: "Message", type: "string", jsonPath: readyCondition("message") },
  priority: 1,
};
