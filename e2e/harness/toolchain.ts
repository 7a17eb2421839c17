// The programs that the test clusters are made of: compiled from the Go modules that
// e2e/tools/*/go.mod pins, kept in the cache, found at once from then on. `go install` is of no
// use here: it refuses modules with `replace` lines, which Kubernetes needs. So each program is
// built inside the module that requires it, and related ones in one call, because they share most
// of their packages.

import { Cache, cacheKey } from "./cache.ts";
import { CommandError, run, which } from "./command.ts";
import { ensureGo } from "./go.ts";
import type { Progress, Step } from "./progress.ts";
import { goTools, type Graph, graphs, type ToolName, tools } from "./tools.ts";

export type { ToolName } from "./tools.ts";

/** The text of a module graph's files, part of the key of all that is built from it. */
export interface GraphFiles {
  readonly directory: string;
  readonly mod: string;
  readonly sum: string;
  /** Source files of our own beside go.mod, by path. */
  readonly sources: Readonly<Record<string, string>>;
}

type Paths = Partial<Record<ToolName, string>>;

/**
 * Absolute paths of the programs asked for: from the cache, from PATH when the version is right,
 * else compiled.
 *
 * @throws {Error} that says what to install when there is no Go
 */
export async function ensureTools<Name extends ToolName>(
  names: readonly Name[],
  progress: Progress,
  cache: Cache = new Cache(),
): Promise<Record<Name, string>> {
  const paths: Paths = {};
  for (const graph of graphs) {
    const wanted = names.filter((name) => tools[name].graph === graph);
    if (wanted.length === 0) continue;
    const files = await graphFiles(graph);
    const missing = await find(wanted, files, cache, paths);
    if (missing.length > 0) await compile(missing, files, progress, cache, paths);
  }
  return complete(names, paths);
}

/** The key of a program: a change of anything it is compiled from is another key. */
export function toolKey(name: ToolName, files: Omit<GraphFiles, "directory">): string {
  const { package: path, ldflags } = tools[name];
  return cacheKey({
    path,
    ldflags,
    go: JSON.stringify(goTools),
    mod: files.mod,
    sum: files.sum,
    sources: path.startsWith(".") ? JSON.stringify(files.sources) : "",
    platform: `${Deno.build.os} ${Deno.build.arch}`,
  });
}

/** The Go release that a go.mod asks for, as in "go1.25.8". */
export function toolchainOf(mod: string): string {
  const release = /^toolchain (go\S+)$/m.exec(mod)?.[1];
  if (release === undefined) throw new Error("the go.mod of the tools has no toolchain line");
  return release;
}

/** Programs that are compiled in one call, in the order in which they were asked for. */
export function batches(names: readonly ToolName[]): readonly (readonly ToolName[])[] {
  return [...Map.groupBy(names, (name) => tools[name].together).values()];
}

/** Reads a module graph in e2e/tools. */
export async function graphFiles(graph: Graph): Promise<GraphFiles> {
  const directory = new URL(`../tools/${graph}`, import.meta.url).pathname;
  const sources: Record<string, string> = {};
  if (graph === "kubernetes") {
    sources["pause/main.go"] = await Deno.readTextFile(`${directory}/pause/main.go`);
  }
  const [mod, sum] = await Promise.all(
    ["go.mod", "go.sum"].map((name) => Deno.readTextFile(`${directory}/${name}`)),
  );
  return { directory, mod: mod ?? "", sum: sum ?? "", sources };
}

/** Notes the paths of programs that exist and returns the others. */
async function find(
  names: readonly ToolName[],
  files: GraphFiles,
  cache: Cache,
  paths: Paths,
): Promise<readonly ToolName[]> {
  const missing: ToolName[] = [];
  for (const name of names) {
    const entry = await cache.find(`bin-${name}`, toolKey(name, files));
    const path = entry === undefined ? await onPath(name) : `${entry.path}/${name}`;
    if (path === undefined) missing.push(name);
    else paths[name] = path;
  }
  return missing;
}

async function onPath(name: ToolName): Promise<string | undefined> {
  const probe = tools[name].onPath;
  const path = probe === undefined ? undefined : await which(name);
  if (probe === undefined || path === undefined) return undefined;
  try {
    return probe.answer.test(await run(path, probe.args, { timeout: 10_000 })) ? path : undefined;
  } catch (error) {
    if (error instanceof CommandError) return undefined;
    throw error;
  }
}

// Compilations fill every core: a second one at the same time would only slow down both.
async function compile(
  names: readonly ToolName[],
  files: GraphFiles,
  progress: Progress,
  cache: Cache,
  paths: Paths,
): Promise<void> {
  const usually = names.reduce((sum, name) => sum + tools[name].usually, 0);
  await progress.step(
    `compile ${list(names)}`,
    usually,
    (step) =>
      cache.exclusively("go-build", async () => {
        const missing = await find(names, files, cache, paths);
        for (const batch of batches(missing)) await build(batch, files, step, cache, paths);
        step.way(
          missing.length === 0
            ? "another run has built it meanwhile"
            : "built from Go modules: not in the cache",
        );
      }, () => step.detail("waiting for another run that compiles")),
  );
}

async function build(
  names: readonly ToolName[],
  files: GraphFiles,
  step: Step,
  cache: Cache,
  paths: Paths,
): Promise<void> {
  const go = await ensureGo(step);
  const target = await cache.scratch("go-build");
  const [first] = names;
  if (first === undefined) return;
  // Go names the output after the last word of the package path, which for a module of a major
  // version is not the program's name; a lone program gets its name from us.
  const output = names.length === 1 ? `${target}/${first}` : `${target}/`;
  let packages = 0;
  try {
    await run(go, [
      "build",
      ...goTools.flags,
      "-v",
      `-ldflags=${tools[first].ldflags}`,
      "-o",
      output,
      ...names.map((name) => tools[name].package),
    ], {
      cwd: files.directory,
      env: { ...goTools.env, GOTOOLCHAIN: toolchainOf(files.mod) },
      onLine: (line) =>
        step.detail(
          line.startsWith("go: ") ? line.slice(4) : `${list(names)}: ${++packages} packages`,
        ),
    });
    for (const name of names) {
      const entry = await cache.ensure(
        `bin-${name}`,
        toolKey(name, files),
        (directory) => Deno.rename(`${target}/${name}`, `${directory}/${name}`),
      );
      paths[name] = `${entry.path}/${name}`;
    }
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    throw new Error(`could not compile ${list(names)}. ${error.message}`, { cause: error });
  } finally {
    await Deno.remove(target, { recursive: true });
  }
}

function list(names: readonly ToolName[]): string {
  return names.length > 3
    ? `${names.slice(0, 2).join(", ")} and ${names.length - 2} more`
    : names.join(", ");
}

function complete<Name extends ToolName>(
  names: readonly Name[],
  paths: Paths,
): Record<Name, string> {
  const result: Partial<Record<Name, string>> = {};
  for (const name of names) {
    const path = paths[name];
    if (path === undefined) throw new Error(`the toolchain gave no path for ${name}`);
    result[name] = path;
  }
  // Every name was just given a path; the type system cannot follow a loop over keys.
  return result as Record<Name, string>;
}
