// May the pod be replaced now?
//
// A change of what the pod consumes costs every client its connection, so it is announced first:
// status.rollout says what changed, then a moment passes in which further changes join it, then
// one restart follows. Outside of the maintenance windows it waits. Nothing has to wait where no
// client can be disturbed: a server that is stopped, new, or not serving anyway.
//
// A pod that serves uploads to S3 what it can before it goes, also when it is only stopped; and
// what the server has to be told before it starts again, it is told before that as well.
//
// While a change waits, the configuration file is kept back with it. The file is mounted into
// the running pod, and a container that restarted by itself would read the new file without the
// Secrets that it speaks of.

import type { StatefulSet } from "../../api/kubernetes/types.ts";
import type { DittoServerStatus } from "../../api/dittoserver.ts";
import { covers } from "../../kube/covers.ts";
import type { WindowState } from "./maintenance.ts";
import {
  readRolloutInputs,
  ROLLOUT_INPUTS_ANNOTATION,
  type RolloutInputs,
} from "./rollout_inputs.ts";
import { rolloutReasons } from "./rollout_reasons.ts";
import type { Departure } from "./rest/departures.ts";

/** How long a change waits for others to join it, in milliseconds. */
const SETTLE_MS = 1_000;
/** How long it waits for the server to be told what has changed, in milliseconds. */
const TOLD_WITHIN_MS = 15_000;

/** What decides about a restart. */
export interface RolloutFacts {
  /** Inputs of the pod as it should be. */
  readonly inputs: RolloutInputs;
  /** The StatefulSet as it would be applied. */
  readonly next: StatefulSet;
  readonly live: StatefulSet | undefined;
  /** Whether the pod serves clients. */
  readonly serving: boolean;
  readonly window: WindowState;
  /** Milliseconds since the change was first seen in its present form. */
  readonly unchangedMs: number;
  /** Whether the server has been told what it has to know, as far as it can be. */
  readonly told: boolean;
  /** Says who is connected to the pod; `now`: has it upload what it can. */
  readonly departure: (when: "later" | "now") => Departure;
}

/** The decision. */
export type Decision =
  | { readonly act: "apply"; readonly departure?: Departure }
  /** Announced; look again after this long. */
  | {
    readonly act: "announce";
    readonly reasons: readonly string[];
    readonly afterMs: number;
    readonly departure: Departure;
  }
  | {
    readonly act: "hold";
    readonly reasons: readonly string[];
    readonly opens: Date | undefined;
    readonly departure: Departure;
  }
  /** Uploads are waited for; whoever does them tells of their end. */
  | { readonly act: "drain"; readonly reasons: readonly string[]; readonly departure: Departure };

/** Decides whether a StatefulSet that would replace the pod may be applied. */
export function decideRollout(facts: RolloutFacts): Decision {
  const { inputs, next, live, serving, window, unchangedMs, told } = facts;
  const [runs, goesOn] = [live, next].map((each) => (each?.spec?.replicas ?? 0) > 0);
  if (!live || !runs || !serving) return { act: "apply" };
  if (!goesOn) return leave(facts, ["the server is to stop"]);
  const before = inputsOf(live);
  // One that nobody has noted anything on may be just as it should be.
  if (!before && covers(live.spec?.template, next.spec?.template)) return { act: "apply" };
  const reasons = rolloutReasons(before, inputs);
  if (reasons.length === 0) return { act: "apply" };
  if (!window.open) {
    const departure = facts.departure("later");
    return { act: "hold", reasons, opens: window.opens, departure };
  }
  const waitMs = told ? SETTLE_MS : TOLD_WITHIN_MS;
  if (unchangedMs < waitMs) {
    // Most pods have uploaded everything, and then that costs no time.
    const departure = facts.departure("now");
    return { act: "announce", reasons, afterMs: waitMs - unchangedMs, departure };
  }
  return leave(facts, reasons);
}

function leave({ departure }: RolloutFacts, reasons: readonly string[]): Decision {
  const going = departure("now");
  return going.uploads?.state === "Draining"
    ? { act: "drain", reasons, departure: going }
    : { act: "apply", departure: going };
}

function inputsOf({ metadata }: StatefulSet): RolloutInputs | undefined {
  return readRolloutInputs(metadata?.annotations?.[ROLLOUT_INPUTS_ANNOTATION]);
}

/** When each change was first seen. Lost with the process: then it is announced anew. */
export class Changes {
  readonly #seen = new Map<string, { readonly digest: string; readonly at: number }>();

  /** Milliseconds since the change with this digest of the object `uid` was first seen. */
  unchangedMs(uid: string, digest: string, now: number): number {
    const seen = this.#seen.get(uid);
    if (seen?.digest === digest) return now - seen.at;
    this.#seen.set(uid, { digest, at: now });
    return 0;
  }

  forget(uid: string): void {
    this.#seen.delete(uid);
  }
}

/** `status.rollout` after a decision; `before` is what it said so far. */
export function rolloutStatus(
  decision: Decision | undefined,
  before: DittoServerStatus["rollout"],
): DittoServerStatus["rollout"] {
  switch (decision?.act) {
    case "announce":
      return { state: "Pending", reasons: [...decision.reasons], ...decision.departure };
    case "drain":
      return { state: "Draining", reasons: [...decision.reasons], ...decision.departure };
    case "hold":
      return {
        state: "Held",
        reasons: [...decision.reasons],
        ...(decision.opens && { notBefore: `${decision.opens.toISOString().slice(0, 19)}Z` }),
        ...decision.departure,
      };
    default: {
      if (!before) return undefined;
      const { notBefore: _, ...said } = before;
      return { ...said, state: "Running", ...decision?.departure };
    }
  }
}
