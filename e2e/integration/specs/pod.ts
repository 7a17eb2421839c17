// The pod: image, resources, placement, and the fields whose form Kubernetes itself defines.

import { FULL } from "./_full.ts";
import { objectName } from "./_forms.ts";
import {
  accepted,
  bounds,
  form,
  longest,
  most,
  notEmpty,
  oneOf,
  refused,
  required,
  type Row,
} from "./_table.ts";

const QUANTITY =
  "^[+-]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+))?$";

const quantity = (path: string): Row[] => [
  ...["1", 2, "1500m", "1.5Gi", "1e3"].map((value) => accepted(path, value)),
  ...["one", "1 Gi", "1gi", ""].map((value) =>
    refused(
      path,
      value,
      FULL,
      `Invalid value: ${JSON.stringify(value)}: spec.${path} in body should match '${QUANTITY}'`,
    )
  ),
];

export const pod: readonly Row[] = [
  ...form("image", "the name of an image, without blanks, such as marmos91c/dittofs:v0.29.0", {
    accepted: ["a", "registry.example.com:5000/a/b:c@sha256:0123"],
    refused: ["", "a b", " a", "a\n"],
  }),
  ...longest("image", 512),
  ...bounds("replicas", 0, 1),
  refused(
    "replicas",
    "1",
    FULL,
    `Invalid value: "string": spec.replicas in body must be of type integer: "string"`,
  ),
  ...oneOf("imagePullPolicy", ["Always", "IfNotPresent", "Never"]),
  ...objectName("imagePullSecrets[0].name", "registry-credentials"),
  ...required("imagePullSecrets[0].name"),
  ...most("imagePullSecrets", 16, (index) => ({ name: `registry-${index}` })),
  {
    ...refused("imagePullSecrets", [{ name: "a" }, { name: "a" }], FULL, ""),
    cause: { field: "spec.imagePullSecrets[1]", message: `Duplicate value: {"name":"a"}` },
  },
  ...quantity("resources.limits.cpu"),
  ...quantity("resources.requests.memory"),
  refused(
    "podSecurityContext.fsGroup",
    "x",
    FULL,
    `Invalid value: "string": spec.podSecurityContext.fsGroup in body must be of type integer: "string"`,
  ),
  ...objectName("pod.priorityClassName", "storage-critical"),
  ...objectName("pod.runtimeClassName", "gvisor"),
  ...objectName("pod.serviceAccountName", "files"),
  ...notEmpty("pod.schedulerName"),
  ...longest("pod.schedulerName", 253),
  ...most("pod.tolerations", 64, (index) => ({ key: `k${index}`, operator: "Exists" })),
  ...most("pod.topologySpreadConstraints", 16, (index) => ({
    ...{ maxSkew: 1, topologyKey: `k${index}`, whenUnsatisfiable: "ScheduleAnyway" },
  })),
  refused("pod.topologySpreadConstraints[0].maxSkew", undefined, FULL, "Required value"),
];
