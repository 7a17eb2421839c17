// `deno task bench`: scale and latency of the operator, held against the limit of the machine.
//
// Absolute times move from machine to machine; ratios in one run do not. So the limit is measured
// in the same run, and everything shares the cores: etcd, the API server, Kubernetes' own
// controllers, the operator and the client that creates the work.

import { terminalProgress } from "../e2e/harness/progress.ts";
import { print } from "../tasks/_print.ts";
import { rowsOf } from "./goals.ts";
import { describeMachine, machineLine } from "./machine.ts";
import { bundleOperator } from "./operator.ts";
import { type Options, OptionsError, partsOf, readOptions, USAGE } from "./options.ts";
import { resultsOf, writeResults } from "./results.ts";
import { measure, type Run } from "./run.ts";
import { tableOf } from "./table.ts";

/** A person has seen enough. */
class InterruptedError extends Error {
  override readonly name = "InterruptedError";
}

async function bench(options: Options): Promise<void> {
  const began = new Date();
  const progress = terminalProgress();
  await progress.step("bundle the operator", 3, () => bundleOperator());
  const stop = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) {
    Deno.addSignalListener(name, () => stop.abort(new InterruptedError(`ended by ${name}`)));
  }
  const runs: Run[] = [];
  for (const servers of options.servers) {
    let version: unknown;
    const run = await measure({
      servers,
      parts: partsOf(options, servers),
      v8Flags: options.v8Flags,
      progress,
      signal: stop.signal,
      onVersion: (answer) => version = answer,
    });
    runs.push(run);
    const machine = await describeMachine(version);
    print(`\n${servers} servers on ${machineLine(machine)}\n${tableOf(rowsOf(run))}\n`);
    if (!options.save) continue;
    // After each run, so that a larger one that fails takes nothing away.
    const files = await writeResults(resultsOf(began, machine, options.v8Flags, runs));
    print(`written: ${files.join(", ")}`);
  }
}

function explained(error: unknown): string {
  if (error instanceof OptionsError) return `${error.message}\n\n${USAGE.trimEnd()}`;
  return error instanceof InterruptedError ? error.message : Deno.inspect(error);
}

if (import.meta.main) {
  try {
    const options = readOptions(Deno.args);
    if (options) await bench(options);
    else print(USAGE.trimEnd());
    Deno.exit(0);
  } catch (error) {
    print(explained(error), Deno.stderr);
    Deno.exit(error instanceof OptionsError ? 2 : 1);
  }
}
