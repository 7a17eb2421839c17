// Stage "integration": the operator and the harness against a Kubernetes API without nodes.

import { removeLeftovers } from "../e2e/harness/control_plane_leftovers.ts";
import { planeTools } from "../e2e/harness/control_plane_tools.ts";
import type { Progress } from "../e2e/harness/progress.ts";
import { ensureTools } from "../e2e/harness/toolchain.ts";
import { denoTests } from "./_deno_tests.ts";
import { sourceFiles, testKind } from "./_files.ts";
import type { StageOptions } from "./_stage_unit.ts";
import type { StageResult } from "./_stages.ts";

/** Provides the programs of the control plane and the server, then runs e2e/integration. */
export async function integrationStage(
  options: StageOptions & { readonly progress: Progress },
): Promise<StageResult> {
  const { root, reports, progress, signal } = options;
  await removeLeftovers(Deno.env.get("TMPDIR") ?? "/tmp");
  // Here, where progress is shown; the tests then find them at once.
  const assets = Deno.env.get("KUBEBUILDER_ASSETS");
  await planeTools({ controllerManager: true }, assets, (names) => ensureTools(names, progress));
  await ensureTools(["dfs"], progress);
  const files = (await sourceFiles(root)).filter((path) => testKind(path) === "integration");
  return await progress.step("integration tests", 540, async (step) => {
    const tests = { root: new URL(root).pathname, files, permissions: ["--allow-all"] };
    const report = `${reports}/integration.xml`;
    const outcome = await denoTests({ ...tests, report, signal, within: 20 * 60_000 });
    step.way(outcome.summary);
    return { ...outcome.counts, details: outcome.details };
  });
}
