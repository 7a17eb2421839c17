// Structured logs: one JSON line per event, with the keys of controller-runtime's zap output.

/** Fields of a log line besides time, level and message. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

export type Level = "debug" | "info" | "error";

/** Writes log lines. */
export interface Logger {
  debug(msg: string, fields?: LogFields): void;
  info(msg: string, fields?: LogFields): void;
  error(msg: string, fields?: LogFields): void;
  /** A logger that adds these fields to each line. */
  with(fields: LogFields): Logger;
}

const ORDER: Record<Level, number> = { debug: 0, info: 1, error: 2 };

/** A logger that gives each line, as JSON without a line end, to `write`. */
export function jsonLogger(
  write: (line: string) => void,
  now: () => number,
  least: Level = "info",
  bound: LogFields = {},
): Logger {
  const log = (level: Level, msg: string, fields?: LogFields) => {
    if (ORDER[level] < ORDER[least]) return;
    const ts = new Date(now()).toISOString();
    write(JSON.stringify({ level, ts, msg, ...bound, ...fields }));
  };
  return {
    debug: (msg, fields) => log("debug", msg, fields),
    info: (msg, fields) => log("info", msg, fields),
    error: (msg, fields) => log("error", msg, fields),
    with: (fields) => jsonLogger(write, now, least, { ...bound, ...fields }),
  };
}
