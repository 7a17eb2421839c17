// The results as a picture: latency and memory against the number of servers, with the goals as
// dashed lines. Plain SVG, because two line charts are less code than the use of a library.

import { CREATE_GOALS, MEMORY_GOALS } from "./goals.ts";
import type { Run } from "./run.ts";
import { linearScale } from "./scale.ts";

type Point = readonly [x: number, y: number];

/** One line of a chart. */
export interface Series {
  readonly name: string;
  readonly colour: string;
  readonly points: readonly Point[];
  /** A goal rather than a measurement. */
  readonly dashed?: boolean;
}

/** A chart over the number of servers. */
export interface Chart {
  readonly title: string;
  /** What the vertical axis shows, with its unit. */
  readonly axis: string;
  readonly series: readonly Series[];
}

const WIDTH = 520;
const HEIGHT = 360;
const PLOT = { left: 64, right: WIDTH - 20, top: 44, bottom: HEIGHT - 52 };
const LEGEND_HEIGHT = 18;

/** The picture of some runs. `caption` names machine and date. */
export function plot(runs: readonly Run[], caption: string): string {
  const charts = [latencyChart(runs), memoryChart(runs)].map((chart, i) =>
    `<g transform="translate(${i * WIDTH} 0)">${drawing(chart)}</g>`
  );
  const width = WIDTH * charts.length;
  const height = HEIGHT + 28;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" ` +
    `width="${width}" height="${height}" font-family="sans-serif" font-size="12" fill="#222">` +
    `<rect width="${width}" height="${height}" fill="#fff"/>\n${charts.join("\n")}\n` +
    `${text(width / 2, height - 10, caption, { anchor: "middle", colour: "#666" })}\n</svg>\n`;
}

function latencyChart(runs: readonly Run[]): Chart {
  const created = runs.flatMap(({ create }) => create ?? []);
  const over = (value: (create: typeof created[number]) => number) =>
    created.map((create): Point => [create.servers, value(create) / 1000]);
  return {
    title: "From create to StatefulSet",
    axis: "seconds",
    series: [
      { name: "all exist", colour: "#1b5e9b", points: over(({ totalMs }) => totalMs) },
      { name: "p99", colour: "#c2571a", points: over(({ latency }) => latency.p99) },
      { name: "p50", colour: "#3f8f4f", points: over(({ latency }) => latency.p50) },
      { name: "goal for all", colour: "#1b5e9b", points: goals(CREATE_GOALS), dashed: true },
    ],
  };
}

function memoryChart(runs: readonly Run[]): Chart {
  const over = (part: "rss" | "peak") =>
    runs.flatMap(({ servers, idle }): Point[] => idle ? [[servers, mib(idle.memory[part])]] : []);
  const first = runs[0];
  const empty = (part: "rss" | "peak"): Point[] => first ? [[0, mib(first.empty[part])]] : [];
  return {
    title: "Memory of the operator",
    axis: "MiB",
    series: [
      { name: "peak", colour: "#c2571a", points: [...empty("peak"), ...over("peak")] },
      { name: "resident", colour: "#1b5e9b", points: [...empty("rss"), ...over("rss")] },
      { name: "goal for resident", colour: "#1b5e9b", points: goals(MEMORY_GOALS), dashed: true },
    ],
  };
}

function drawing({ title, axis, series }: Chart): string {
  const measured = series.filter(({ dashed }) => !dashed).flatMap(({ points }) => points);
  const largestX = Math.max(1, ...measured.map(([x]) => x));
  // A goal for more servers than were measured would squeeze what was.
  const shown = series.map((one) => ({
    ...one,
    points: one.points.filter(([x]) => x <= largestX),
  })).filter(({ points }) => points.length > 0);
  const largestY = Math.max(...shown.flatMap(({ points }) => points.map(([, y]) => y)), 0);
  const x = linearScale(largestX, PLOT.left, PLOT.right);
  const y = linearScale(largestY, PLOT.bottom, PLOT.top + LEGEND_HEIGHT);
  return [
    text(PLOT.left, 22, title, { weight: "bold", size: 15 }),
    ...x.ticks.map((tick) =>
      text(x.at(tick), PLOT.bottom + 18, tick.toLocaleString("en"), { anchor: "middle" })
    ),
    ...y.ticks.map((tick) =>
      `<path d="M${PLOT.left} ${px(y.at(tick))}H${PLOT.right}" stroke="#ddd"/>` +
      text(PLOT.left - 8, y.at(tick) + 4, tick.toLocaleString("en"), { anchor: "end" })
    ),
    text((PLOT.left + PLOT.right) / 2, PLOT.bottom + 38, "servers", { anchor: "middle" }),
    text(PLOT.left - 8, PLOT.top + 2, axis, { anchor: "end" }),
    ...shown.map((one) => line(one, (value) => x.at(value), (value) => y.at(value))),
    ...legend(shown),
  ].join("\n");
}

function line(
  { points, colour, dashed }: Series,
  x: (value: number) => number,
  y: (value: number) => number,
): string {
  const sorted = points.toSorted(([a], [b]) => a - b);
  const path = sorted.map(([a, b], i) => `${i === 0 ? "M" : "L"}${px(x(a))} ${px(y(b))}`).join("");
  const dots = sorted.map(([a, b]) =>
    `<circle cx="${px(x(a))}" cy="${px(y(b))}" r="3.5" ` +
    (dashed ? `fill="#fff" stroke="${colour}"/>` : `fill="${colour}"/>`)
  );
  const dash = dashed ? ` stroke-dasharray="6 4"` : "";
  return `<path d="${path}" fill="none" stroke="${colour}" stroke-width="2"${dash}/>` +
    dots.join("");
}

function legend(series: readonly Series[]): string[] {
  let left = PLOT.left + 8;
  return series.map(({ name, colour, dashed }) => {
    const dash = dashed ? ` stroke-dasharray="6 4"` : "";
    const item =
      `<path d="M${left} ${PLOT.top - 4}h22" stroke="${colour}" stroke-width="2"${dash}/>` +
      text(left + 27, PLOT.top, name);
    left += 27 + name.length * 7 + 16;
    return item;
  });
}

interface TextStyle {
  readonly anchor?: "start" | "middle" | "end";
  readonly weight?: "bold";
  readonly size?: number;
  readonly colour?: string;
}

function text(x: number, y: number, content: string, style: TextStyle = {}): string {
  const attributes = [
    `x="${px(x)}" y="${px(y)}"`,
    style.anchor && `text-anchor="${style.anchor}"`,
    style.weight && `font-weight="${style.weight}"`,
    style.size && `font-size="${style.size}"`,
    style.colour && `fill="${style.colour}"`,
  ].filter(Boolean);
  return `<text ${attributes.join(" ")}>${escaped(content)}</text>`;
}

function escaped(content: string): string {
  return content.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function px(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function mib(bytes: number): number {
  return bytes / 2 ** 20;
}

function goals(byServers: Readonly<Record<number, number>>): Point[] {
  return Object.entries(byServers).map(([servers, goal]) => [Number(servers), goal]);
}
