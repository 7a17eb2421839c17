// Structured logs: one JSON line per event, with the keys of controller-runtime's zap output.

import {
  configureSync,
  getLogger,
  type Logger,
  type LogLevel,
  type LogRecord,
} from "@logtape/logtape";

export type { Logger } from "@logtape/logtape";

/** A logger that gives each line, as JSON without a line end, to `write`. */
export function jsonLogger(
  write: (line: string) => void,
  least: "debug" | "info" | "error" = "info",
): Logger {
  configureSync({
    reset: true,
    sinks: { lines: (record) => write(jsonLine(record)) },
    loggers: [
      { category: [], lowestLevel: least, sinks: ["lines"] },
      { category: ["logtape", "meta"], lowestLevel: "error", sinks: ["lines"] },
    ],
  });
  return getLogger([]);
}

/** zap knows four levels; LogTape has six. */
const LEVELS: Readonly<Record<LogLevel, string>> = {
  trace: "debug",
  debug: "debug",
  info: "info",
  warning: "warn",
  error: "error",
  fatal: "error",
};

/** One line. Messages are taken as they are: braces in them are no placeholders. */
function jsonLine({ level, timestamp, rawMessage, properties }: LogRecord): string {
  const msg = typeof rawMessage === "string" ? rawMessage : rawMessage.join("");
  const ts = new Date(timestamp).toISOString();
  return JSON.stringify({ level: LEVELS[level], ts, msg, ...properties });
}
