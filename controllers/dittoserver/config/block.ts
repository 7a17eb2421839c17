// Blocks of the server's configuration file.

/** What may stand in the file. Undefined is left out. */
export type ConfigValue =
  | string
  | number
  | boolean
  | undefined
  | readonly ConfigValue[]
  | ConfigBlock;

/** A block of the file, by the server's own keys. */
export interface ConfigBlock {
  readonly [key: string]: ConfigValue;
}

/** The same without what is undefined, and without blocks that hold nothing. */
export function compact(block: ConfigBlock): ConfigBlock | undefined {
  const kept: Record<string, ConfigValue> = {};
  for (const [key, value] of Object.entries(block)) {
    const told = isBlock(value) ? compact(value) : value;
    if (told !== undefined) kept[key] = told;
  }
  return Object.keys(kept).length > 0 ? kept : undefined;
}

/** The value unless it is `usual`, which the server takes by itself. */
export function unless<T extends string | number | boolean>(
  usual: T,
  value: T | undefined,
): T | undefined {
  return value === usual ? undefined : value;
}

function isBlock(value: ConfigValue): value is ConfigBlock {
  return typeof value === "object" && !Array.isArray(value);
}
