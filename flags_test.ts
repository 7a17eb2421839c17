import assert from "node:assert/strict";
import { readFlags, UsageError } from "./flags.ts";

const DEFAULTS = {
  kubeconfig: undefined,
  context: undefined,
  namespace: undefined,
  leaderElect: false,
  leaderElectionNamespace: undefined,
  healthPort: 8081,
  metricsPort: 8080,
  logLevel: "info",
};

Deno.test("readFlags() fills in what is not given", () => {
  assert.deepEqual(readFlags(["run"]), DEFAULTS);
});

Deno.test("readFlags() takes options before and after the command, with a value beside or behind =", () => {
  assert.deepEqual(
    readFlags([
      ...["--leader-elect", "run", "--kubeconfig", "/a", "--context=b=c", "--namespace", "d"],
      ...["--leader-election-namespace", "e", "--health-port", "0", "--metrics-port=65535"],
      ...["--log-level", "debug"],
    ]),
    {
      ...{ kubeconfig: "/a", context: "b=c", namespace: "d", leaderElect: true },
      ...{ leaderElectionNamespace: "e", healthPort: 0, metricsPort: 65535, logLevel: "debug" },
    },
  );
});

Deno.test("readFlags() knows when only a text is asked for", () => {
  for (const args of [["--help"], ["help"], ["run", "--help"]]) {
    assert.equal(readFlags(args), "help");
  }
  for (const args of [["--version"], ["version"]]) assert.equal(readFlags(args), "version");
});

const wrong: readonly (readonly [args: readonly string[], message: RegExp])[] = [
  [[], /no command; the command is "run"/],
  [["walk"], /unknown command "walk"/],
  [["run", "fast"], /unknown command "run fast"/],
  [["run", "--fast"], /unknown or unexpected option: --fast/],
  [["run", "-x"], /unknown or unexpected option: -x/],
  [["run", "--namespace"], /option requires argument: --namespace/],
  [["run", "--context", "--leader-elect"], /option requires argument: --context/],
  [["run", "--leader-elect=false"], /--leader-elect takes no value/],
  [["run", "--health-port", "x"], /--health-port is "x"; it can be 0 to 65535/],
  [["run", "--metrics-port", "65536"], /--metrics-port is "65536"; it can be 0 to 65535/],
  [["run", "--log-level", "trace"], /--log-level is "trace"; it can be debug, info or error/],
];
for (const [args, message] of wrong) {
  Deno.test(`readFlags() refuses: ${args.join(" ") || "nothing"}`, () => {
    assert.throws(
      () => readFlags(args),
      (error) => error instanceof UsageError && message.test(error.message),
    );
  });
}
