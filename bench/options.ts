// The command line of the bench.

import { parseArgs } from "node:util";
import { type Part, PARTS } from "./run.ts";

/** What to measure. */
export interface Options {
  /** Numbers of servers, one run each. */
  readonly servers: readonly number[];
  readonly parts: ReadonlySet<Part>;
  /** For the operator's process, as Deno's `--v8-flags` takes them. */
  readonly v8Flags: string;
  /** Whether results are written to bench/results. */
  readonly save: boolean;
}

export const USAGE = `deno task bench [options]

  --servers 200,1000,5000   numbers of servers, one run each
  --only ${PARTS.join(",")}
                            parts of a run (default: all; "edit" and "foreign" in the smallest run,
                            "load" and "replay" up to 1,000 servers)
  --v8-flags FLAGS          for the operator's process, instead of those of its image
  --dry                     print, and write no results
`;

/** The command line was not understood; the message says what of it. */
export class OptionsError extends Error {
  override readonly name = "OptionsError";
}

/** Reads the command line; undefined when help is asked for. */
export function readOptions(args: readonly string[]): Options | undefined {
  const values = parsed(args);
  if (values.help) return undefined;
  const servers = values.servers.split(",").map((text) => {
    const count = Number(text);
    if (!Number.isInteger(count) || count < 1) {
      throw new OptionsError(`--servers has "${text}"; it takes numbers from 1 on, as in 200,1000`);
    }
    return count;
  });
  return {
    servers: servers.toSorted((a, b) => a - b),
    parts: new Set(values.only?.split(",").map(partOf) ?? PARTS),
    v8Flags: values["v8-flags"],
    save: !values.dry,
  };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        servers: { type: "string", default: "200,1000,5000" },
        only: { type: "string" },
        "v8-flags": { type: "string", default: "" },
        dry: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    }).values;
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    throw new OptionsError(cause.message);
  }
}

function partOf(text: string): Part {
  const part = PARTS.find((part) => part === text);
  if (!part) throw new OptionsError(`--only has "${text}"; it can be ${PARTS.join(", ")}`);
  return part;
}

/** The parts of the run with `servers`: what is costly is measured once. */
export function partsOf({ parts, servers }: Options, count: number): ReadonlySet<Part> {
  const chosen = new Set(parts);
  if (count !== servers[0]) {
    chosen.delete("foreign");
    chosen.delete("edit");
  }
  if (count > 1000) {
    chosen.delete("load");
    chosen.delete("replay");
  }
  return chosen;
}
