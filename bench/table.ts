// The table that a person reads.

import type { Row } from "./goals.ts";

/** The rows as aligned lines, each with its goal and whether it was reached. */
export function tableOf(rows: readonly Row[]): string {
  const cells = rows.map(({ figure, measured, goal, met }) => [
    figure,
    measured,
    goal,
    met === undefined ? "" : met ? "met" : "MISSED",
  ]);
  const all = [["figure", "measured", "goal", ""], ...cells];
  const widths = [0, 1, 2].map((i) => Math.max(...all.map((line) => line[i]?.length ?? 0)));
  return all.map((line) => line.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join("  ").trimEnd())
    .join("\n");
}
