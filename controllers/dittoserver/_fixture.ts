// A server for table tests.

import type { DittoServer, DittoServerInput } from "../../api/dittoserver.ts";
import { API_VERSION } from "../../api/group.ts";
import type { Live } from "../../kube/object.ts";
import { readServer, type Server } from "./server.ts";

/** A resource as the API server would give it. */
export function testResource(spec: Partial<DittoServerInput> = {}): Live<DittoServer> {
  return {
    apiVersion: API_VERSION,
    kind: "DittoServer",
    metadata: {
      name: "demo",
      namespace: "files",
      uid: "uid-of-demo",
      resourceVersion: "7",
      generation: 3,
    },
    spec: { storage: { metadataSize: "1Gi" }, ...spec },
  };
}

/** The same as the builders see it. */
export function testServer(spec: Partial<DittoServerInput> = {}): Server {
  return readServer(testResource(spec));
}
