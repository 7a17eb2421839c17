// One look at one server: what went wrong on the way is collected, so that a step that fails does
// not stop those that do not need it, and the status can tell all of it.

import type { Aspect } from "../../api/conditions.ts";
import type { DittoServer } from "../../api/dittoserver.ts";
import { controllerOf, keyOf, type KubernetesObject, type Live } from "../../kube/object.ts";
import type { Applied, Deletable } from "../../kube/tracked.ts";
import type { ReconcileContext } from "./context.ts";
import { type Problem, problemOf } from "./problem.ts";
import type { Server } from "./server.ts";

/** The name of the index under which a cache finds objects by the UID of their controller. */
export const BY_OWNER = "owner";

/** Indexes of a cache whose objects have a controller. */
export const byOwner = {
  [BY_OWNER]: (object: KubernetesObject) => {
    const owner = controllerOf(object);
    return owner ? [owner.uid] : [];
  },
} as const;

/** One look at one server. */
export class Pass {
  readonly problems: Problem[] = [];

  constructor(
    readonly context: ReconcileContext,
    readonly resource: Live<DittoServer>,
    readonly server: Server,
    /** Whether to look only: nothing is written but the status. */
    readonly dry: boolean,
  ) {}

  /** The result of a step, or undefined with a problem of the aspect. */
  async attempt<V>(aspect: Aspect, step: string, act: () => Promise<V>): Promise<V | undefined> {
    try {
      return await act();
    } catch (error) {
      this.problems.push(problemOf(aspect, step, error));
      return undefined;
    }
  }

  /** Makes an object be as desired. Returns the live object, which is another when dry. */
  async apply<T extends KubernetesObject>(
    aspect: Aspect,
    tracked: Applied<T>,
    desired: T,
  ): Promise<Live<T> | undefined> {
    if (this.dry) return tracked.cache.get(keyOf(desired));
    const step = `${tracked.resource.kind} "${desired.metadata?.name}"`;
    return await this.attempt(aspect, step, () => this.context.writer.apply(tracked, desired));
  }

  /** Makes the children of one kind be exactly the desired ones. */
  async applyAll<T extends KubernetesObject>(
    aspect: Aspect,
    tracked: Applied<T> & Deletable<T>,
    desired: readonly T[],
  ): Promise<(Live<T> | undefined)[]> {
    const wanted = new Set(desired.map(({ metadata }) => metadata?.name));
    const ours = this.dry ? [] : tracked.cache.byIndex(BY_OWNER, this.server.owner.uid);
    const unwanted = ours.filter(({ metadata }) =>
      !wanted.has(metadata.name) && metadata.deletionTimestamp === undefined
    );
    const [applied] = await Promise.all([
      Promise.all(desired.map((object) => this.apply(aspect, tracked, object))),
      Promise.all(unwanted.map((object) => {
        const step = `${tracked.resource.kind} "${object.metadata.name}" is not wanted any more`;
        return this.attempt(aspect, step, () => this.context.writer.delete(tracked, object));
      })),
    ]);
    return applied;
  }
}
