// The volumes that a server wants, and the names of their claims.
//
// The StatefulSet names a claim VOLUME-SERVER-0. There is one pod at most, so a name is certain
// before the claim exists, and also after the StatefulSet or the server is gone: a new server of
// the same name finds the data of the old one.

import type { PersistentVolumeClaim } from "../../../api/kubernetes/types.ts";
import type { Server } from "../server.ts";
import { claimTemplates } from "../volumes.ts";

/** One volume as the spec wants it. */
export interface WantedVolume {
  /** `metadata`, `content` or `controlplane`. */
  readonly name: string;
  /** Name of its claim. */
  readonly claim: string;
  /** The size that it must have at least. */
  readonly size: string;
  /** The claim template that a new StatefulSet has for it. */
  readonly template: PersistentVolumeClaim;
}

/** The volumes that a server wants. */
export function wantedVolumes(server: Pick<Server, "name" | "spec">): readonly WantedVolume[] {
  return claimTemplates(server.spec).map((template) => {
    const name = template.metadata?.name ?? "";
    return { name, claim: claimOf(name, server.name), size: sizeOf(template), template };
  });
}

/** The name of the claim of a volume. */
export function claimOf(volume: string, server: string): string {
  return `${volume}-${server}-0`;
}

/** The size that a claim or a claim template asks for. */
export function sizeOf(claim: PersistentVolumeClaim): string {
  return claim.spec?.resources?.requests?.storage ?? "0";
}

/** A claim or claim template of another size. */
export function withSize(claim: PersistentVolumeClaim, storage: string): PersistentVolumeClaim {
  const { resources } = claim.spec ?? {};
  return {
    ...claim,
    spec: {
      ...claim.spec,
      resources: { ...resources, requests: { ...resources?.requests, storage } },
    },
  };
}
