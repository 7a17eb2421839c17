// What may become of a spec later: volumes grow and never shrink, classes and modes stay.

import { type JsonObject, merged } from "./_json.ts";
import type { Cause } from "./_table.ts";

/** A change of one server's spec, and the one cause for which it is refused, if it is. */
export interface Change {
  readonly before: JsonObject;
  readonly after: JsonObject;
  readonly cause?: Cause;
}

const COPY = "restore the old value, or create a new DittoServer and copy the data";

const becomes = (before: JsonObject, after: JsonObject): Change => ({ before, after });

const cannotBecome = (
  before: JsonObject,
  after: JsonObject,
  field: string,
  message: string,
): Change => ({
  before,
  after,
  cause: { field, message: `Invalid value: "object": ${message}` },
});

const storage = (fields: JsonObject): JsonObject =>
  merged({ storage: { metadataSize: "1Gi" } }, { storage: fields });

const sizes = ["metadataSize", "contentSize", "controlPlaneSize"].flatMap((field) => {
  const size = (value: string) => storage({ [field]: value });
  const shrunk = (before: string, after: string) =>
    cannotBecome(
      size(before),
      size(after),
      `spec.storage.${field}`,
      `${field} cannot shrink, because volumes cannot; restore the old size, or create a new DittoServer and copy the data`,
    );
  return [
    becomes(size("2Gi"), size("3Gi")),
    becomes(size("2Gi"), size("2049Mi")),
    becomes(size("2Gi"), size("2048Mi")),
    shrunk("2Gi", "1Gi"),
    shrunk("2Gi", "2047Mi"),
    shrunk("1Ti", "999Gi"),
  ];
});

const removal =
  "contentSize cannot be removed, because the file contents are on that volume; restore the old size";

const contents = [
  becomes(storage({}), storage({ contentSize: "1Gi" })),
  // The new volume may be of a class and a mode of its own.
  becomes(
    storage({}),
    storage({
      contentSize: "1Gi",
      content: { storageClassName: "hdd", accessMode: "ReadWriteOncePod" },
    }),
  ),
  cannotBecome(
    storage({ contentSize: "1Gi" }),
    storage({}),
    "spec.storage.contentSize",
    removal,
  ),
  // The default is 1Gi, so leaving the field out is a change of it.
  becomes(storage({ controlPlaneSize: "1Gi" }), storage({})),
  cannotBecome(
    storage({ controlPlaneSize: "2Gi" }),
    storage({}),
    "spec.storage.controlPlaneSize",
    "controlPlaneSize cannot shrink, because volumes cannot; restore the old size, or create a new DittoServer and copy the data",
  ),
];

const CLASS = `storageClassName cannot change, because a volume stays in its class; ${COPY}`;

const classOf = (before: JsonObject, after: JsonObject) =>
  cannotBecome(storage(before), storage(after), "spec.storage", CLASS);

const classes = [
  becomes(storage({ storageClassName: "a" }), storage({ storageClassName: "a" })),
  classOf({ storageClassName: "a" }, { storageClassName: "b" }),
  classOf({ storageClassName: "a" }, {}),
  classOf({}, { storageClassName: "a" }),
  // Empty is not absent: the one is no class, the other the default one.
  classOf({}, { storageClassName: "" }),
];

const volumes = ["metadata", "content", "controlPlane"].flatMap((volume) => {
  const made = volume === "content" ? { contentSize: "1Gi" } : {};
  const kept = (field: string, before: JsonObject, after: JsonObject) =>
    cannotBecome(
      storage({ ...made, ...before }),
      storage({ ...made, ...after }),
      "spec.storage",
      `${volume}.${field} cannot change, because a volume keeps it for life; ${COPY}`,
    );
  return [
    becomes(storage(made), storage({ ...made, [volume]: {} })),
    becomes(storage(made), storage({ ...made, [volume]: { accessMode: "ReadWriteOnce" } })),
    kept("accessMode", {}, { [volume]: { accessMode: "ReadWriteOncePod" } }),
    kept("accessMode", { [volume]: { accessMode: "ReadWriteOncePod" } }, {}),
    kept("storageClassName", {}, { [volume]: { storageClassName: "b" } }),
    kept("storageClassName", {}, { [volume]: { storageClassName: "" } }),
    kept("storageClassName", { [volume]: { storageClassName: "b" } }, { [volume]: {} }),
    kept(
      "storageClassName",
      { [volume]: { storageClassName: "b" } },
      { [volume]: { storageClassName: "c" } },
    ),
  ];
});

const loadBalancers = ["service", "adapterServices"].flatMap((block) => {
  const service = (fields: JsonObject): JsonObject => ({ ...storage({}), [block]: fields });
  const balanced = (name?: string) =>
    service({ type: "LoadBalancer", ...(name && { loadBalancerClass: name }) });
  const refused = (before: JsonObject, after: JsonObject) =>
    cannotBecome(
      before,
      after,
      `spec.${block}.loadBalancerClass`,
      "loadBalancerClass cannot change while the type is LoadBalancer, because Kubernetes refuses it; change the type to ClusterIP first, which gives up the address",
    );
  return [
    becomes(service({}), balanced("a")),
    becomes(balanced("a"), service({ type: "ClusterIP" })),
    becomes(balanced("a"), balanced("a")),
    refused(balanced("a"), balanced("b")),
    refused(balanced("a"), balanced()),
    refused(balanced(), balanced("a")),
  ];
});

/** What else may change at any time. */
const free = [
  becomes(
    storage({ retention: "Retain" }),
    merged(storage({ retention: "Delete" }), { image: "b", replicas: 0, hibernate: true }),
  ),
  becomes(storage({}), merged(storage({}), { controlPlane: { port: 9443 } })),
];

/** Every change of the table. */
export const TRANSITIONS: readonly Change[] = [
  ...sizes,
  ...contents,
  ...classes,
  ...volumes,
  ...loadBalancers,
  ...free,
];
