// `deno task test`: every test, set-up included. `--only unit,integration,chainsaw` runs some of
// the stages; `--keep` leaves the cluster for a look at it. The last line is `N passed, N failed`.

import { parseArgs } from "node:util";
import { endRunning } from "../e2e/harness/command.ts";
import { terminalProgress } from "../e2e/harness/progress.ts";
import { print } from "./_print.ts";
import { integrationStage } from "./_stage_integration.ts";
import { kindStage } from "./_stage_kind.ts";
import { unitStage } from "./_stage_unit.ts";
import { chooseStages, runStages, type Stage, type StageName } from "./_stages.ts";

const { values } = parseArgs({
  options: { only: { type: "string" }, keep: { type: "boolean", default: false } },
});

const stop = new AbortController();
let signalled = 0;
for (const [name, code] of [["SIGINT", 130], ["SIGTERM", 143]] as const) {
  Deno.addSignalListener(name, () => {
    signalled = code;
    stop.abort(new Error(`interrupted by ${name}`));
    // Compilers and the like; what is started from here on only cleans up.
    endRunning();
  });
}

const root = new URL("../", import.meta.url).href;
const reports = new URL("e2e/reports", root).pathname;
await Deno.mkdir(reports, { recursive: true });
const progress = terminalProgress();
const options = { root, reports, print, progress, signal: stop.signal, keep: values.keep };
const runs: Record<StageName, Stage["run"]> = {
  unit: () => unitStage(options),
  integration: (turns) => integrationStage({ ...options, turns }),
  chainsaw: (turns) => kindStage({ ...options, turns }),
};

const stages = chooseStages(values.only).map((name) => ({ name, run: runs[name] }));
const { passed, failed } = await runStages(stages, { print, signal: stop.signal });
print(`${passed} passed, ${failed} failed`);
Deno.exit(signalled || (failed === 0 ? 0 : 1));
