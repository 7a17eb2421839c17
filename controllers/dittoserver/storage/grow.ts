// Brings the volumes of a server to where they should be, as far as it goes now.
//
// The plan (plan.ts) says what to do next; this does it, looks again and asks again, until
// nothing is left to do that does not have to wait for somebody else. What the API server refuses
// (a quota, a policy) is not asked again in the same pass: the volume is Stuck, with the server's
// words, and nothing else waits for it.
//
// The answer of each write is in the caches at once, so the next plan knows of it.

import type { StatefulSet, StorageClass } from "../../../api/kubernetes/types.ts";
import type { Api } from "../../../kube/api.ts";
import type { Writer } from "../../../kube/apply.ts";
import { classify, messageOf } from "../../../kube/errors.ts";
import { makeKey } from "../../../kube/object.ts";
import type { Statement } from "../../conditions.ts";
import { persistentVolumeClaims } from "../../kinds.ts";
import { selectorLabels } from "../names.ts";
import type { Server } from "../server.ts";
import type { VolumeStatus } from "./claim_state.ts";
import type { StorageKinds } from "./kinds.ts";
import { adopting, findOrphan } from "./orphan.ts";
import { ownersOf } from "./ownership.ts";
import {
  type ClaimAction,
  mayJoin,
  planStorage,
  type StorageFacts,
  type StoragePlan,
  templateOf,
} from "./plan.ts";
import { storageReady, volumesStatus } from "./report.ts";
import { completed, fresh, RECREATED_ANNOTATION } from "./templates.ts";
import { type WantedVolume, wantedVolumes } from "./volume.ts";

/** What is needed to act. */
export interface StorageContext {
  readonly kinds: StorageKinds;
  readonly writer: Writer;
  /** For the few objects that are read when they are needed. */
  readonly api: Pick<Api, "get">;
}

/** How far it went. */
export interface StorageOutcome {
  /**
   * What the caller has to apply now, perhaps with an older pod template if a rollout is held;
   * undefined while the StatefulSet is being created again, of whose end the watch will tell.
   */
  readonly statefulSet: StatefulSet | undefined;
  /**
   * The StatefulSet is away for a moment, or just back: what it says of the pod is worth nothing
   * until the watch tells more. The pod goes on serving.
   */
  readonly recreating: boolean;
  /** `status.volumes`. */
  readonly volumes: VolumeStatus[];
  /** The condition StorageReady. */
  readonly condition: Statement;
  /** What to throw when everything else is done, so that it is tried again. */
  readonly error: unknown;
}

/**
 * Does what can be done about the volumes of a server. `desired` is its StatefulSet as it is
 * built from the spec; claim templates and their retention are put right here. Failures of the
 * API are in the outcome; only a mistake of ours is thrown.
 */
export async function ensureStorage(
  context: StorageContext,
  server: Server,
  desired: StatefulSet,
): Promise<StorageOutcome> {
  const pass = new Pass(context, server, desired);
  await pass.changeClaims();
  const statefulSet = await pass.nextStatefulSet();
  return {
    statefulSet,
    recreating: pass.error === undefined && pass.isRecreating(statefulSet),
    ...pass.told(),
    error: pass.error,
  };
}

/** How the volumes are, without doing anything about them. */
export function lookAtStorage(
  context: StorageContext,
  server: Server,
  desired: StatefulSet,
): Pick<StorageOutcome, "volumes" | "condition"> {
  return new Pass(context, server, desired).told();
}

/** One pass over the volumes of one server. */
class Pass {
  readonly #context: StorageContext;
  readonly #server: Server;
  readonly #wanted: readonly WantedVolume[];
  readonly #desired: StatefulSet;
  /** What was done in this pass; it is not done again, whatever came of it. */
  readonly #tried = new Set<string>();
  readonly #refusals = new Map<string, string>();
  /** Failures that say nothing about the volume: no answer, or something was newer. */
  readonly #failures: unknown[] = [];
  #refused: unknown;

  constructor(context: StorageContext, server: Server, desired: StatefulSet) {
    this.#context = context;
    this.#server = server;
    this.#wanted = wantedVolumes(server);
    this.#desired = desired;
  }

  /** The first failure, or else a refusal: both are worth another try. */
  get error(): unknown {
    return this.#failures[0] ?? this.#refused;
  }

  plan(): StoragePlan {
    return planStorage(this.#facts());
  }

  told(): Pick<StorageOutcome, "volumes" | "condition"> {
    const { volumes } = this.plan();
    return { volumes: volumesStatus(volumes), condition: storageReady(volumes) };
  }

  /** Does all that can be done to the claims. One change may be the way for another one. */
  async changeClaims(): Promise<void> {
    for (;;) {
      const actions = this.plan().claims.filter((action) => !this.#tried.has(keyOf(action)));
      if (actions.length === 0) return;
      await Promise.all(actions.map((action) => this.#change(action)));
    }
  }

  /** The StatefulSet to be applied; none while it is going, or if it is not known how it was. */
  async nextStatefulSet(): Promise<StatefulSet | undefined> {
    const { statefulSet } = this.plan();
    try {
      switch (statefulSet) {
        case "wait":
          return undefined;
        case "delete":
          // A claim whose change has failed may be a moment behind: one re-creation is enough.
          if (this.#failures.length === 0 && await this.#delete()) return undefined;
          return this.#completed();
        case "restore":
          return await this.#restored();
        case "apply":
          return this.#completed();
      }
    } catch (error) {
      this.#failed(error);
      // What cannot be deleted goes on as it is; of what is not there nothing is known.
      return this.#completed();
    }
  }

  /** Whether the StatefulSet is away or has just been created again. */
  isRecreating(next: StatefulSet | undefined): boolean {
    const { live } = this.#facts();
    if (!next || !live) return !next;
    const { annotations } = live.metadata;
    return annotations?.[RECREATED_ANNOTATION] !== undefined &&
      live.status?.observedGeneration === undefined;
  }

  #facts(): StorageFacts {
    const { kinds } = this.#context;
    const { namespace, names } = this.#server;
    return {
      server: this.#server,
      wanted: this.#wanted,
      desired: this.#desired,
      live: kinds.statefulSets.cache.get(makeKey(namespace, names.statefulSet)),
      claim: (name) => kinds.claims.cache.get(makeKey(namespace, name)),
      storageClass: (name) => {
        const { cache } = kinds.storageClasses;
        return name === undefined ? [...cache.values()].find(isDefault) : cache.get(name);
      },
      refusals: this.#refusals,
    };
  }

  #completed(): StatefulSet | undefined {
    const facts = this.#facts();
    const { live } = facts;
    if (!live || live.metadata.deletionTimestamp) return undefined;
    const joins = (volume: WantedVolume) => mayJoin(facts, volume);
    return completed(this.#desired, live, this.#wanted, joins);
  }

  async #delete(): Promise<boolean> {
    const { kinds, writer } = this.#context;
    const { live } = this.#facts();
    if (live) await writer.delete(kinds.statefulSets, live, "Orphan");
    return true;
  }

  async #restored(): Promise<StatefulSet | undefined> {
    const { kinds, writer, api } = this.#context;
    const facts = this.#facts();
    const templates = this.#wanted.map((volume) => templateOf(facts, volume));
    const desired = fresh(this.#desired, templates);
    // A server without claims has never had a pod.
    const existed = this.#wanted.some(({ claim }) => facts.claim(claim) !== undefined);
    const orphan = existed ? await findOrphan(api, this.#server) : undefined;
    if (!orphan) return desired;
    await writer.apply(kinds.statefulSets, adopting(desired, orphan));
    return this.#completed();
  }

  async #change(action: ClaimAction): Promise<void> {
    this.#tried.add(keyOf(action));
    const { kinds, writer } = this.#context;
    const { claim: name } = action.volume;
    try {
      if (action.type === "createClaim" || action.type === "findClaim") {
        return await this.#findClaim(action);
      }
      const claim = this.#facts().claim(name);
      if (!claim) return;
      const patch = action.type === "growClaim"
        ? { spec: { resources: { requests: { storage: action.size } } } }
        : { metadata: { ownerReferences: action.owners } };
      await writer.patch(kinds.claims, claim, patch);
    } catch (error) {
      const refused = classify(error) === "forbidden" || classify(error) === "invalid";
      if (!refused) return this.#failed(error);
      this.#refusals.set(name, messageOf(error));
      this.#refused ??= error;
    }
  }

  /** Labels a claim that somebody has made, so that it is watched from now on, or makes it. */
  async #findClaim({ type, volume }: ClaimAction): Promise<void> {
    const { kinds, writer, api } = this.#context;
    const { name: server, namespace, owner } = this.#server;
    const name = { namespace, name: volume.claim };
    const labels = selectorLabels(server);
    const found = await api.get(persistentVolumeClaims, name);
    if (found) {
      await writer.patch(kinds.claims, found, { metadata: { labels } });
      return;
    }
    if (type !== "createClaim") return;
    await writer.createOnce(kinds.newClaims, name, owner, () => ({
      ...volume.template,
      metadata: { ...name, labels, ownerReferences: ownersOf(this.#server) },
    }));
  }

  #failed(error: unknown): void {
    if (classify(error) === "bug") throw error;
    this.#failures.push(error);
  }
}

/** Whether a claim that names no class gets this one. */
function isDefault({ metadata }: StorageClass): boolean {
  return metadata?.annotations?.["storageclass.kubernetes.io/is-default-class"] === "true";
}

const keyOf = ({ type, volume }: ClaimAction) => `${type} ${volume.claim}`;
