// The layers of the repository, held by a check: imports go one way, and no file needs itself.
// `kube` could be published alone; `api` is what users write; `controllers` make it true; only
// the workshop (tasks, e2e, bench) may look at everything.

import { z } from "zod";

/** What each top-level folder or file may import, beside itself and packages. */
export const layers: Readonly<Record<string, readonly string[]>> = {
  "kube": [],
  "api": [],
  "dittofs": [],
  "controllers": ["api", "kube", "dittofs"],
  "flags.ts": [],
  "flags_test.ts": ["flags.ts"],
  "mod.ts": ["controllers", "api", "kube", "dittofs", "flags.ts", "deno.json"],
  "tasks": ["*"],
  "e2e": ["*"],
  "bench": ["*"],
};

/** Files and the files that they import, as paths relative to the repository's root. */
export type Imports = ReadonlyMap<string, readonly string[]>;

/** Every broken rule as one line; none if the layers hold. */
export function importFaults(imports: Imports, rules = layers): string[] {
  const faults: string[] = [];
  for (const [file, targets] of imports) {
    const layer = topOf(file);
    const allowed = rules[layer];
    if (allowed === undefined) {
      if (file.endsWith(".ts")) {
        faults.push(`${file}: ${layer} has no import rule; give it one in tasks/_import_rules.ts`);
      }
      continue;
    }
    if (allowed.includes("*")) continue;
    for (const target of targets) {
      const other = topOf(target);
      if (other === layer || allowed.includes(other)) continue;
      const may = allowed.length === 0 ? "nothing of ours" : allowed.join(", ");
      faults.push(`${file} imports ${target}: ${layer} may import ${may}`);
    }
  }
  const cycle = findCycle(imports);
  if (cycle) faults.push(`files import each other in a circle: ${cycle.join(" → ")}`);
  return faults;
}

/** One circle of imports, its first file repeated at the end. */
export function findCycle(imports: Imports): string[] | undefined {
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (file: string): string[] | undefined => {
    const start = path.indexOf(file);
    if (start >= 0) return [...path.slice(start), file];
    if (done.has(file)) return undefined;
    path.push(file);
    for (const target of imports.get(file) ?? []) {
      const cycle = visit(target);
      if (cycle) return cycle;
    }
    path.pop();
    done.add(file);
    return undefined;
  };
  for (const file of imports.keys()) {
    const cycle = visit(file);
    if (cycle) return cycle;
  }
  return undefined;
}

const target = z.object({ specifier: z.string().optional() }).optional();

const graph = z.object({
  modules: z.array(z.object({
    specifier: z.string(),
    error: z.string().optional(),
    dependencies: z.array(z.object({ code: target, type: target })).default([]),
  })),
});

/**
 * Reads what `deno info --json` printed. Only files below `root` count.
 *
 * @param root URL of the repository's root, with a slash at its end
 * @throws {Error} when one of our files cannot be loaded
 */
export function parseImports(json: string, root: string): Map<string, string[]> {
  const imports = new Map<string, string[]>();
  for (const module of graph.parse(JSON.parse(json)).modules) {
    if (!module.specifier.startsWith(root)) continue;
    if (module.error) throw new Error(module.error);
    const targets = module.dependencies
      .flatMap(({ code, type }) => [code?.specifier, type?.specifier])
      .filter((specifier) => specifier !== undefined)
      .filter((specifier) => specifier.startsWith(root))
      .map((specifier) => specifier.slice(root.length));
    imports.set(module.specifier.slice(root.length), [...new Set(targets)]);
  }
  return imports;
}

/** Asks Deno for the imports of all given files at once, through a module that imports them. */
export async function readImports(root: string, files: readonly string[]): Promise<Imports> {
  const entry = await Deno.makeTempFile({ suffix: ".ts" });
  try {
    const lines = files.map((file) => `import ${JSON.stringify(new URL(file, root).href)};\n`);
    await Deno.writeTextFile(entry, lines.join(""));
    const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["info", "--json", "--config", new URL("deno.json", root).pathname, entry],
    }).output();
    const text = new TextDecoder();
    if (!success) throw new Error(`deno info failed: ${text.decode(stderr)}`);
    return parseImports(text.decode(stdout), root);
  } finally {
    await Deno.remove(entry);
  }
}

function topOf(file: string): string {
  const slash = file.indexOf("/");
  return slash < 0 ? file : file.slice(0, slash);
}
