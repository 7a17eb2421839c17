// Stage "chainsaw": the operator in its container on a kind cluster of its own, with real servers.

import { Cache } from "../e2e/harness/cache.ts";
import { type Cluster, ensureCluster } from "../e2e/harness/cluster.ts";
import { CommandError, run, which } from "../e2e/harness/command.ts";
import { findDocker } from "../e2e/harness/docker.ts";
import { ownEngineRuns, stopOwnEngine, stopOwnEngineIfIdle } from "../e2e/harness/engine.ts";
import { deployOperator, operatorNamespace } from "../e2e/harness/operator_deployment.ts";
import type { Progress, Step } from "../e2e/harness/progress.ts";
import { ensureTools } from "../e2e/harness/toolchain.ts";
import { ensureClientImage } from "../e2e/images/client.ts";
import { ensurePostgresImage } from "../e2e/images/postgres.ts";
import { ensureS3Image } from "../e2e/images/s3.ts";
import { denoTests } from "./_deno_tests.ts";
import { removeCluster } from "./down.ts";
import { sourceFiles, testKind } from "./_files.ts";
import { parseJUnit } from "./_junit.ts";
import { run as collect } from "./_run.ts";
import type { StageOptions } from "./_stage_unit.ts";
import { failure, type StageResult, sum, type Turns } from "./_stages.ts";

/** The cluster of the tests; `deno task up` has another one. */
export const testCluster = "dittofs-test";

/** Where reports go, and whether the cluster stays. */
export interface KindStageOptions extends StageOptions {
  readonly progress: Progress;
  readonly keep: boolean;
  readonly turns: Turns;
}

/** Makes the cluster, installs the operator, runs the scenarios and the tests of e2e/kind. */
export async function kindStage(options: KindStageOptions): Promise<StageResult> {
  const { progress, keep, print, turns, signal } = options;
  const engineWasThere = await findDocker() !== undefined;
  let cluster: Cluster | undefined;
  try {
    const { chainsaw } = await ensureTools(["chainsaw"], progress);
    cluster = await ensureCluster({ name: testCluster, progress });
    signal.throwIfAborted();
    await install(cluster, progress);
    signal.throwIfAborted();
    await loadScenarioImages(cluster, progress);
    await turns.prepared();
    signal.throwIfAborted();
    // They are silent for a minute, which disturbs nobody.
    const tests = await runTests(cluster, options);
    await turns.othersFade();
    signal.throwIfAborted();
    return sum([tests, await runScenarios(chainsaw, cluster, options)]);
  } finally {
    if (keep && cluster) print(`kept: KUBECONFIG=${cluster.kubeconfig} ${cluster.kubectl}`);
    else await progress.step("remove the cluster", 5, () => remove(engineWasThere));
  }
}

async function install(cluster: Cluster, progress: Progress): Promise<void> {
  try {
    await deployOperator(cluster, progress);
  } catch (error) {
    // The cluster is gone when somebody reads this, so what explains it must be said now.
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`${reason}\n${await operatorState(cluster)}`, { cause: error });
  }
}

/** What pods of scenarios are made from, besides the server. */
async function loadScenarioImages(cluster: Cluster, progress: Progress): Promise<void> {
  const cache = new Cache();
  await cluster.loadImages([
    await ensureClientImage(cluster.docker, progress, cache),
    await ensurePostgresImage(cluster.docker, progress, cache),
    await ensureS3Image(cluster.docker, progress, cache),
  ]);
}

/** What the operator's pods and their last two lives have to say. */
async function operatorState(cluster: Cluster): Promise<string> {
  const pods = "app.kubernetes.io/name=dittofs-operator";
  const questions = [
    ["describe", "pods", "--selector", pods],
    ["logs", "--selector", pods, "--tail=50"],
    ["logs", "--selector", pods, "--tail=50", "--previous"],
  ];
  const answers: string[] = [];
  for (const question of questions) {
    const { output } = await collect(cluster.kubectl, [
      ...question,
      "--namespace",
      operatorNamespace,
    ], {
      cwd: ".",
      env: { KUBECONFIG: cluster.kubeconfig },
    });
    answers.push(`$ kubectl ${question.join(" ")}\n${output}`);
  }
  return answers.join("\n\n");
}

/**
 * What we started must not outlive us, not even half of it: an interruption may come before kind
 * has made the cluster, or before the engine answers.
 */
async function remove(engineWasThere: boolean): Promise<void> {
  const docker = await findDocker();
  await removeCluster(testCluster, docker);
  if (engineWasThere || !(await ownEngineRuns())) return;
  const client = await which("docker");
  if (docker && client) await stopOwnEngineIfIdle(client);
  else await stopOwnEngine();
}

async function runScenarios(
  chainsaw: string,
  cluster: Cluster,
  { root, reports, progress, signal }: KindStageOptions,
): Promise<StageResult> {
  const folder = new URL("e2e/chainsaw", root).pathname;
  const report = `${reports}/chainsaw.xml`;
  const log: string[] = [];
  return await progress.step("Chainsaw scenarios", 360, async (step) => {
    // The report of an earlier run must not speak for this one.
    await Deno.writeTextFile(report, "");
    const code = await exitCode(run(chainsaw, [
      "test",
      `--config=${folder}/.chainsaw.yaml`,
      "--no-color",
      "--report-format=JUNIT-TEST",
      `--report-path=${reports}`,
      "--report-name=chainsaw.xml",
      folder,
    ], {
      env: { ...kubectlEnvironment(cluster) },
      onLine: (line) => {
        log.push(line);
        tell(step, line);
      },
      signal,
    }));
    await Deno.writeTextFile(`${reports}/chainsaw.log`, log.join("\n"));
    const result = scenarioResult(code, await Deno.readTextFile(report), log.join("\n"));
    step.way(`${result.passed} passed, ${result.failed} failed`);
    return result;
  });
}

/** What Chainsaw's exit code and its report say together. */
export function scenarioResult(code: number, report: string, details: string): StageResult {
  if (report === "") return failure(`Chainsaw ended with code ${code} and no report`, details);
  const { passed, failed, failures } = parseJUnit(report);
  if (passed + failed === 0) return failure("Chainsaw found no scenario", details);
  if (code !== 0 && failed === 0) return failure(`Chainsaw ended with code ${code}`, details);
  return { passed, failed, failures, details };
}

async function runTests(
  cluster: Cluster,
  { root, reports, progress, signal }: KindStageOptions,
): Promise<StageResult> {
  const files = (await sourceFiles(root)).filter((path) => testKind(path) === "kind");
  return await progress.step("tests on the kind cluster", 90, async (step) => {
    const outcome = await denoTests({
      root: new URL(root).pathname,
      files,
      permissions: ["--allow-all"],
      env: { ...kubectlEnvironment(cluster), DITTOFS_TEST_AUDIT_LOG: cluster.auditLog },
      report: `${reports}/kind.xml`,
      signal,
      within: 15 * 60_000,
    });
    step.way(outcome.summary);
    return { ...outcome.counts, details: outcome.details };
  });
}

/** Chainsaw and scripts call `kubectl` by its name. */
function kubectlEnvironment(cluster: Cluster): Record<string, string> {
  const folder = cluster.kubectl.replace(/\/[^/]*$/, "");
  return { KUBECONFIG: cluster.kubeconfig, PATH: `${folder}:${Deno.env.get("PATH") ?? ""}` };
}

function tell(step: Step, line: string): void {
  const match = /\| ([\w-]+)\s+\| ([^|]*?)\s+\| (\w+)\s+\| (BEGIN|RUN|DONE|ERROR)/.exec(line);
  if (match) step.detail(`${match[1]}: ${match[2]}`);
}

async function exitCode(ran: Promise<string>): Promise<number> {
  try {
    await ran;
    return 0;
  } catch (error) {
    if (error instanceof CommandError && error.code !== undefined) return error.code;
    throw error;
  }
}
