// Claims, classes and StatefulSets for table tests.

import type { DittoServerInput } from "../../../api/dittoserver.ts";
import type {
  PersistentVolumeClaim,
  StatefulSet,
  StorageClass,
} from "../../../api/kubernetes/types.ts";
import type { Live } from "../../../kube/object.ts";
import { testServer } from "../_fixture.ts";
import { statefulSet } from "../stateful_set.ts";
import { planStorage, type StorageFacts } from "./plan.ts";
import { fresh } from "./templates.ts";
import { claimOf, wantedVolumes } from "./volume.ts";

/** A server with these storage settings. */
export const serverWith = (storage: Partial<DittoServerInput["storage"]> = {}) =>
  testServer({ storage: { metadataSize: "1Gi", ...storage } });

/** What is special about a claim. */
export interface ClaimOptions {
  readonly request?: string;
  readonly capacity?: string;
  readonly metadata?: PersistentVolumeClaim["metadata"];
  /** Its StorageClass; none if empty. */
  readonly className?: string;
  readonly status?: PersistentVolumeClaim["status"];
}

/** The claim of a volume of server `demo`: bound, of class `fast`, of 1Gi. */
export function testClaim(volume: string, options: ClaimOptions = {}): Live<PersistentVolumeClaim> {
  const { request = "1Gi", capacity = request, className = "fast" } = options;
  const name = claimOf(volume, "demo");
  return {
    metadata: {
      namespace: "files",
      ...options.metadata,
      name,
      uid: `uid-${name}`,
      resourceVersion: "5",
    },
    spec: {
      ...(className !== "" && { storageClassName: className }),
      resources: { requests: { storage: request } },
    },
    status: { phase: "Bound", capacity: { storage: capacity }, ...options.status },
  };
}

/** A class of that name that can grow, unless told otherwise. */
export function testClass(name: string, more: Partial<StorageClass> = {}): StorageClass {
  return {
    metadata: { name },
    provisioner: "example.com/disk",
    allowVolumeExpansion: true,
    ...more,
  };
}

/** The StatefulSet of a server as it is some time after it was made. */
export function liveStatefulSet(
  server = serverWith(),
  more: { metadata?: Live<StatefulSet>["metadata"]; spec?: object; status?: object } = {},
): Live<StatefulSet> {
  const made = fresh(
    statefulSet(server, { configHash: "0123", live: undefined }),
    wantedVolumes(server).map(({ template }) => template),
  );
  const { spec, metadata } = made;
  if (!spec) throw new TypeError("a StatefulSet without a spec");
  return {
    ...made,
    metadata: {
      ...metadata,
      ...more.metadata,
      name: "demo",
      uid: "uid-of-set",
      resourceVersion: "9",
      generation: 1,
    },
    spec: { ...spec, ...more.spec },
    status: { replicas: 1, readyReplicas: 1, observedGeneration: 1, ...more.status },
  };
}

/** What a plan is made from: a server of 1Gi each with everything in place, and what differs. */
export function factsWith(
  {
    claims = [testClaim("metadata"), testClaim("controlplane")],
    classes = [testClass("fast")],
    ...more
  }:
    & Partial<StorageFacts>
    & {
      readonly claims?: readonly Live<PersistentVolumeClaim>[];
      readonly classes?: readonly StorageClass[];
    } = {},
): StorageFacts {
  const server = more.server ?? serverWith();
  return {
    server,
    wanted: wantedVolumes(server),
    desired: statefulSet(server, { configHash: "0123", live: undefined }),
    live: "live" in more ? more.live : liveStatefulSet(),
    claim: (name) => claims.find(({ metadata }) => metadata.name === name),
    storageClass: (name) => classes.find(({ metadata }) => metadata?.name === (name ?? "fast")),
    refusals: new Map(),
    ...more,
  };
}

/** A plan as texts: `action claim …` each, and what becomes of the StatefulSet. */
export function planned(facts: StorageFacts): string[] {
  const { claims, statefulSet } = planStorage(facts);
  const texts = claims.map((action) => {
    const { type, volume: { claim } } = action;
    if (action.type === "growClaim") return `${type} ${claim} ${action.size}`;
    if (action.type === "createClaim" || action.type === "findClaim") return `${type} ${claim}`;
    return `${type} ${claim} ${action.owners.map(({ kind, uid }) => `${kind}/${uid}`).join(",")}`;
  });
  return [...texts, statefulSet];
}
