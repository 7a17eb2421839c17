// Which TypeScript files are ours, and which of them are tests of which kind. Walks the checkout
// instead of asking git, so that a new file counts before it is added.

/** Folders whose content is not source: generated bundles, reports, other languages' modules. */
const skipped = new Set(["dist", "node_modules", "reports"]);

/** All TypeScript files below `root` (a URL with a slash at its end), as sorted relative paths. */
export async function sourceFiles(root: string): Promise<string[]> {
  const files: string[] = [];
  const walk = async (folder: string): Promise<void> => {
    for await (const entry of Deno.readDir(new URL(folder || ".", root))) {
      if (entry.name.startsWith(".") || skipped.has(entry.name)) continue;
      const path = folder + entry.name;
      if (entry.isDirectory) await walk(`${path}/`);
      else if (path.endsWith(".ts")) files.push(path);
    }
  };
  await walk("");
  return files.sort();
}

/** What a test needs: nothing, the plain control plane, or a kind cluster. */
export type TestKind = "unit" | "integration" | "kind";

/** The kind of test that a file holds; undefined if it holds none. */
export function testKind(path: string): TestKind | undefined {
  if (!path.endsWith("_test.ts")) return undefined;
  if (path.startsWith("e2e/integration/")) return "integration";
  if (path.startsWith("e2e/kind/")) return "kind";
  return "unit";
}
