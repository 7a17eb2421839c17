// The checks of the fast gate. They are also the first stage of `deno task test`.

import type { Check, Outcome } from "./_checks.ts";
import { denoTests } from "./_deno_tests.ts";
import { sourceFiles, testKind } from "./_files.ts";
import { importFaults, readImports } from "./_import_rules.ts";
import { run } from "./_run.ts";

/** Unit tests may use files of their own, loopback, and the programs named here. */
export function unitTestPermissions(temporary: string): string[] {
  return [
    "--allow-read",
    `--allow-write=${temporary}`,
    "--allow-env",
    "--allow-net=127.0.0.1,localhost,[::1]",
    `--allow-run=${Deno.execPath()},/bin/sh,setpriv`,
  ];
}

/** The unit tests of the checkout at `root` (a URL with a slash at its end). */
export function unitTests(root: string, options: { report?: string; signal?: AbortSignal } = {}) {
  return {
    name: "unit tests",
    run: async () => {
      const files = (await sourceFiles(root)).filter((path) => testKind(path) === "unit");
      return await denoTests({
        root: pathOf(root),
        files,
        permissions: unitTestPermissions(temporaryDirectory()),
        parallel: true,
        within: 400_000,
        ...options,
      });
    },
  } satisfies Check;
}

/** Everything of the gate but the unit tests, slowest first. */
export function staticChecks(root: string): Check[] {
  const deno = (name: string, ...args: string[]): Check => ({
    name,
    run: async () => {
      const { code, output } = await run(Deno.execPath(), args, {
        cwd: pathOf(root),
        env: { NO_COLOR: "1" },
      });
      const summary = code === 0 ? "" : `deno ${args.join(" ")} ended with code ${code}`;
      return { ok: code === 0, summary, details: output };
    },
  });
  return [
    deno("types", "check", "--quiet", "."),
    deno("generated files", "run", "-A", "tasks/generate.ts", "--check"),
    deno("lint", "lint"),
    deno("format", "fmt", "--check"),
    { name: "import rules", run: () => importRules(root) },
  ];
}

async function importRules(root: string): Promise<Outcome> {
  const files = await sourceFiles(root);
  const faults = importFaults(await readImports(root, files));
  const summary = faults.length === 0 ? `${files.length} files` : `${faults.length} broken`;
  return { ok: faults.length === 0, summary, details: faults.join("\n") };
}

function pathOf(root: string): string {
  return new URL(root).pathname;
}

function temporaryDirectory(): string {
  return Deno.env.get("TMPDIR") ?? "/tmp";
}
