// One look at one share: what went wrong on the way is collected, so that a part that fails does
// not stop those that do not need it.

import type { ShareAspect, ShareReadyReason } from "../../api/conditions.ts";
import type { DittoShare, DittoShareStatus } from "../../api/dittoshare.ts";
import type { Live } from "../../kube/object.ts";
import type { DittofsClient } from "../../dittofs/client.ts";
import type { Connection } from "../connections/connections.ts";
import type { Server } from "../dittoserver/server.ts";
import type { InOrder } from "../rest/judgement.ts";
import { type Problem, refusalOf } from "../rest/problem.ts";
import type { ShareContext } from "./context.ts";
import type { Share } from "./share.ts";

/** Something that is wrong with a share. */
export type ShareProblem = Problem<ShareAspect, ShareReadyReason>;

/** What is noted in the status beside the conditions. */
export type Noted = Pick<DittoShareStatus, "managed" | "restart" | "stores" | "usage">;

/** Bounds of the time until something is looked at again that nobody tells of. */
const SOON_MS = 1_000;
const SELDOM_MS = 60_000;

/** One look at one share, whether or not its server can be asked. */
export class Pass {
  readonly problems: ShareProblem[] = [];
  /** What the aspects say that have no problem. */
  readonly inOrder: { -readonly [A in ShareAspect]?: InOrder[A] } = {};
  /** When to look again, whatever happens until then. */
  readonly waits: { readonly afterMs: number; readonly reason: string }[] = [];
  /** Whether grants, quotas and snapshots were looked at. */
  looked = false;
  noted: Noted;

  constructor(
    readonly context: ShareContext,
    readonly resource: Live<DittoShare>,
    readonly share: Share,
  ) {
    const { managed, restart, stores, usage } = resource.status ?? {};
    this.noted = {
      ...(managed && { managed }),
      ...(restart && { restart }),
      ...(stores && { stores }),
      ...(usage && { usage }),
    };
  }

  /** The spec may be another one than when everything was last as wanted. */
  get changed(): boolean {
    const { metadata, status } = this.resource;
    return status?.observedGeneration !== metadata.generation;
  }

  /** Whether an aspect was in order when it was last looked at, for this very spec. */
  wasInOrder(aspect: ShareAspect): boolean {
    const condition = this.resource.status?.conditions?.find(({ type }) => type === aspect);
    return !this.changed && condition?.status === "True";
  }

  /** The result of a step, or undefined with a problem of the aspect. */
  async attempt<V>(
    aspect: ShareAspect,
    step: string,
    act: () => Promise<V>,
  ): Promise<V | undefined> {
    try {
      return await act();
    } catch (error) {
      this.problems.push(refusalOf(aspect, step, error));
      return undefined;
    }
  }

  has(aspect: ShareAspect): boolean {
    return this.problems.some((problem) => problem.aspect === aspect);
  }

  /**
   * Looks again soon, for something that nobody tells of; less and less often the longer it has
   * been so, and after `untilMs` no more.
   */
  lookAgain(aspect: ShareAspect, reason: string, untilMs = Infinity): void {
    const before = this.resource.status?.conditions?.find(({ type }) => type === aspect);
    const now = this.context.clock.now();
    const since = before?.status === "False" ? Date.parse(before.lastTransitionTime) : now;
    if (now - since > untilMs) return;
    const afterMs = Math.min(Math.max(SOON_MS, (now - since) / 2), SELDOM_MS);
    this.waits.push({ afterMs, reason });
  }
}

/** A look at a share whose server is connected. */
export interface Reached {
  readonly pass: Pass;
  readonly share: Share;
  readonly context: ShareContext;
  readonly client: DittofsClient;
  readonly server: Server;
  readonly connection: Connection;
  /**
   * What is missing is made in any case. What exists is put right only if the spec says so, or
   * while the share is still being made.
   */
  readonly making: boolean;
}

/**
 * Whether what differs is to be changed. Something that nobody's edit of the spec explains was
 * changed by hand, which is counted; with `management: Report` it is told and left.
 */
export function mayChange(
  { pass, share, context, making }: Reached,
  aspect: ShareAspect,
  differences: readonly string[],
): boolean {
  if (differences.length === 0) return false;
  if (pass.wasInOrder(aspect) && !making) context.drifted();
  if (making || share.spec.management === "Enforce") return true;
  const message = `on the server these are not as in the spec: ${differences.join(", ")}`;
  pass.problems.push({ aspect, reason: "Differs", message, stalled: true });
  return false;
}

/** At the end of a share: what is waited for. */
export function waitFor({ problems }: Pass, message: string): void {
  problems.push({ reason: "Deleting", message, stalled: false });
}
