// Stage "integration": the operator and the harness against a Kubernetes API without nodes.

import { removeLeftovers } from "../e2e/harness/control_plane_leftovers.ts";
import { planeTools } from "../e2e/harness/control_plane_tools.ts";
import type { Progress } from "../e2e/harness/progress.ts";
import { ensureTools } from "../e2e/harness/toolchain.ts";
import { sourceFiles, testKind } from "./_files.ts";
import { lanesFor } from "./_lanes.ts";
import { longestFirst } from "./_longest_first.ts";
import { testSideBySide } from "./_side_by_side.ts";
import type { StageOptions } from "./_stage_unit.ts";
import type { StageResult, Turns } from "./_stages.ts";

/** Provides the programs of the control plane and the server, then runs e2e/integration. */
export async function integrationStage(
  options: StageOptions & { readonly progress: Progress; readonly turns: Turns },
): Promise<StageResult> {
  const { root, reports, progress, turns, signal } = options;
  await removeLeftovers(Deno.env.get("TMPDIR") ?? "/tmp");
  // Here, where progress is shown; the tests then find them at once.
  const assets = Deno.env.get("KUBEBUILDER_ASSETS");
  await planeTools({ controllerManager: true }, assets, (names) => ensureTools(names, progress));
  await ensureTools(["dfs"], progress);
  const files = (await sourceFiles(root)).filter((path) => testKind(path) === "integration");
  await turns.prepared();
  signal.throwIfAborted();
  return await progress.step("integration tests", 400, async (step) => {
    const counts = await testSideBySide({
      root: new URL(root).pathname,
      files: longestFirst(files),
      lanes: lanesFor(navigator.hardwareConcurrency, Deno.systemMemoryInfo().available),
      permissions: ["--allow-all"],
      report: `${reports}/integration.xml`,
      signal,
      // On two slow cores the longest takes 13 minutes, with two others beside it.
      within: 30 * 60_000,
      onSlack: () => turns.fades(),
      // Nothing is to be read about files that were cut off.
      print: (line) => signal.aborted || progress.note(line),
    });
    step.way(`${counts.passed} passed, ${counts.failed} failed`);
    // What failed has been shown already.
    return { ...counts, details: "" };
  });
}
