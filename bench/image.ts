// The settings of the runtime in the operator's image, so that what is measured is what is shipped.

/** Variables that decide about the memory of the process. */
const ABOUT_MEMORY = ["DENO_V8_FLAGS", "MALLOC_ARENA_MAX"];

/** Variables of the image that decide about memory, from the text of the Dockerfile. */
export function imageSettings(dockerfile: string): Readonly<Record<string, string>> {
  const lines = dockerfile.replaceAll("\\\n", " ").split("\n");
  const pairs = lines.filter((line) => line.startsWith("ENV "))
    .flatMap((line) => line.split(/\s+/).slice(1))
    .map((pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)] as const);
  return Object.fromEntries(pairs.filter(([name]) => ABOUT_MEMORY.includes(name)));
}

/** The settings of the Dockerfile in this repository. */
export async function shippedSettings(): Promise<Readonly<Record<string, string>>> {
  return imageSettings(await Deno.readTextFile(new URL("../Dockerfile", import.meta.url)));
}
