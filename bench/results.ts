// The record of a bench: figures with machine and date, and the picture of them.

import { z } from "zod";
import config from "../deno.json" with { type: "json" };
import { type Machine, machineLine } from "./machine.ts";
import { NAMESPACES, WRITERS } from "./ground.ts";
import { plot } from "./plot.ts";
import type { Run } from "./run.ts";

/** Everything that one bench found. */
export interface Results {
  /** When it began, ISO 8601. */
  readonly date: string;
  readonly operator: string;
  readonly machine: Machine;
  readonly writers: number;
  readonly namespaces: number;
  readonly v8Flags: string;
  /** Times in milliseconds, memory in bytes, unless a name says otherwise. */
  readonly runs: readonly Run[];
}

/** Puts figures and circumstances together. */
export function resultsOf(
  date: Date,
  machine: Machine,
  v8Flags: string,
  runs: readonly Run[],
): Results {
  return {
    date: date.toISOString(),
    operator: z.string().parse(config.version),
    machine,
    writers: WRITERS,
    namespaces: NAMESPACES,
    v8Flags,
    runs,
  };
}

/** Writes JSON and SVG into bench/results and returns their paths from the repository's root. */
export async function writeResults(results: Results): Promise<string[]> {
  const stem = `bench/results/${results.date.slice(0, 16).replace(":", "")}`;
  const caption = `${machineLine(results.machine)} · ${results.date.slice(0, 10)}`;
  const files = {
    [`${stem}.json`]: `${JSON.stringify(results, null, 2)}\n`,
    [`${stem}.svg`]: plot(results.runs, caption),
  };
  await Deno.mkdir(new URL("results/", import.meta.url), { recursive: true });
  for (const [path, text] of Object.entries(files)) {
    await Deno.writeTextFile(new URL(`../${path}`, import.meta.url), text);
  }
  return Object.keys(files);
}
