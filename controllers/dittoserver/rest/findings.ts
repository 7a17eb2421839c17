// What a look at a server over its REST API has found out. It stays in memory: the controller
// that looks writes no status, and the one that writes the status takes this in (rest_status.ts).

import type { Aspect, AspectReason, ReadyReason } from "../../../api/conditions.ts";
import { same } from "../../../kube/covers.ts";
import type { Key } from "../../../kube/object.ts";
import { Signal } from "../../../kube/signal.ts";
import type { ProviderType } from "./identity_providers.ts";

/** The aspects that only the server itself can tell of. */
export const REST_ASPECTS = [
  "Authenticated",
  "AdaptersReady",
  "IdentityProvidersReady",
  "SnapshotPoliciesReady",
] as const satisfies readonly Aspect[];
export type RestAspect = typeof REST_ASPECTS[number];

/** What one aspect is like. */
export interface Finding {
  readonly reason: AspectReason;
  /** @default what the reason means */
  readonly message?: string;
  /** It could not be found out. */
  readonly unknown?: true;
}

/** What one look has found out. */
export interface Findings {
  /** Of the pod that was looked at. */
  readonly podUid: string;
  /** Of the spec that the server was compared with. */
  readonly generation: number | undefined;
  readonly aspects: Readonly<Partial<Record<RestAspect, Finding>>>;
  /** Why files are not served although the pod is ready; undefined if they are, as far as is known. */
  readonly notServing?: { readonly reason: ReadyReason; readonly message: string };
  /** Digests of the settings that the identity providers have been given. */
  readonly applied: Readonly<Partial<Record<ProviderType, string>>>;
  /** What came from the spec once, and is not on the server any more. */
  readonly released: readonly (ProviderType | `share ${string}`)[];
  /**
   * The pod has to be replaced, so that the server takes settings over: `noting` until the status
   * says so, `due` once the server has the settings.
   */
  readonly restart?: "noting" | "due";
  /** Whether nothing waits for the status to say what is about to be done. */
  readonly noted: boolean;
}

/** The last findings of all servers. */
export class AllFindings {
  readonly #byUid = new Map<string, Findings>();
  /** Tells of each server about which something else was found out. */
  readonly changed = new Signal();

  /** Of the server with a UID; undefined before the first look at it. */
  get(uid: string): Findings | undefined {
    return this.#byUid.get(uid);
  }

  /** Takes in what a look has found out. */
  set(key: Key, uid: string, findings: Findings): void {
    if (same(this.#byUid.get(uid), findings)) return;
    this.#byUid.set(uid, findings);
    this.changed.tell(key, "background");
  }

  forget(uid: string): void {
    this.#byUid.delete(uid);
  }
}
