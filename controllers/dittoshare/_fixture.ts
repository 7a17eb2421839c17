// A share and its server for table tests.

import type { DittoShare, DittoShareInput } from "../../api/dittoshare.ts";
import { API_VERSION } from "../../api/group.ts";
import type { Live } from "../../kube/object.ts";
import { readShare, type Share } from "./share.ts";

type Spec = Partial<DittoShareInput>;

/** A resource as the API server would give it. */
export function shareResource(
  spec: Spec = {},
  metadata: Partial<Live<DittoShare>["metadata"]> = {},
): Live<DittoShare> {
  return {
    apiVersion: API_VERSION,
    kind: "DittoShare",
    metadata: {
      ...{ name: "projects", namespace: "files", uid: "0f0e0d0c-uid", resourceVersion: "7" },
      generation: 3,
      ...metadata,
    },
    spec: { serverRef: { name: "demo" }, ...spec },
  };
}

/** The same as the builders see it. */
export function testShare(spec: Spec = {}): Share {
  return readShare(shareResource(spec));
}

/** Storage with a bucket. */
export const BUCKET = {
  remote: { s3: { bucket: "blocks", credentialsSecretRef: { name: "bucket" } } },
} as const;
