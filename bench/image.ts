// The settings of the runtime in the operator's image, so that what is measured is what is shipped.

/** V8 flags and environment of the image. */
export interface ImageSettings {
  /** As Deno's `--v8-flags` takes them; empty if the image sets none. */
  readonly v8Flags: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Reads the settings from the text of the Dockerfile. */
export function imageSettings(dockerfile: string): ImageSettings {
  const v8Flags = /"--v8-flags=([^"]*)"/.exec(dockerfile)?.[1] ?? "";
  const line = /^ENV (.*)$/m.exec(dockerfile)?.[1] ?? "";
  const pairs = line.split(/\s+/).map((pair) => pair.split("=", 2));
  const env = Object.fromEntries(pairs.filter(([name]) => name === "MALLOC_ARENA_MAX"));
  return { v8Flags, env };
}

/** The settings of the Dockerfile in this repository. */
export async function shippedSettings(): Promise<ImageSettings> {
  return imageSettings(await Deno.readTextFile(new URL("../Dockerfile", import.meta.url)));
}
