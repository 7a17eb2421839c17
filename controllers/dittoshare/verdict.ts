// What comes after a look at a share.

import { done, type Outcome } from "../../kube/controller.ts";
import type { Pass } from "./pass.ts";

/** An error to be tried again, a time to look again, or nothing. */
export function verdict({ problems, waits }: Pass): Outcome {
  const error = problems.find(({ error }) => error !== undefined)?.error;
  if (error !== undefined) throw error;
  const [first] = waits.toSorted((a, b) => a.afterMs - b.afterMs);
  if (first) return { result: "wait", ...first };
  const [problem] = problems;
  return problem ? { result: "stalled", reason: problem.reason } : done;
}
