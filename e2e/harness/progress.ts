// What a person sees while the harness works: numbered steps, how long each has taken so far, how
// long it usually takes, and at its end which way was taken and why. On a terminal the running
// steps share one live line; elsewhere (CI, a file) every line stands for itself, without colour,
// and a step that runs long says every 30 seconds that it is still alive.

/** What a running step can say about itself. */
export interface Step {
  /** Which way was taken and why, as in "cached" or "built: no registry answers". */
  way(text: string): void;
  /** What it is doing now; shown in the live line and in heartbeats. */
  detail(text: string): void;
}

/** Where lines go and how. */
export interface ProgressOptions {
  readonly write: (text: string) => void;
  /** One live line that is drawn over and over; else plain lines only. */
  readonly live: boolean;
  readonly colour: boolean;
  /** Columns of the terminal. */
  readonly width: () => number;
  /** Milliseconds that only ever grow. */
  readonly now: () => number;
}

interface Running {
  readonly number: number;
  readonly title: string;
  readonly usually: number | undefined;
  readonly began: number;
  detail: string;
  way: string;
  lastLine: number;
  announced: boolean;
}

const tick = 1_000;
const heartbeat = 30_000;

/** Reports steps. Steps may run at the same time, and a step may have steps inside. */
export class Progress {
  private readonly running = new Set<Running>();
  private count = 0;
  private timer: ReturnType<typeof setInterval> | undefined;

  constructor(private readonly options: ProgressOptions) {}

  /**
   * Runs `work` as the next step.
   *
   * @param usually seconds that it takes when nothing is cached, on two cores
   */
  async step<T>(
    title: string,
    usually: number | undefined,
    work: (step: Step) => Promise<T>,
  ): Promise<T> {
    const began = this.options.now();
    const running: Running = {
      number: ++this.count,
      title,
      usually,
      began,
      detail: "",
      way: "",
      lastLine: began,
      announced: false,
    };
    this.running.add(running);
    this.timer ??= setInterval(() => this.tick(), tick);
    let failed = true;
    try {
      const result = await work({
        way: (text) => running.way = text,
        detail: (text) => running.detail = text,
      });
      failed = false;
      return result;
    } finally {
      this.running.delete(running);
      this.finish(running, failed);
      if (this.running.size === 0) {
        clearInterval(this.timer);
        this.timer = undefined;
      }
    }
  }

  /** A line of its own, between or after the steps. */
  note(text: string): void {
    this.line(text);
  }

  /** Called once a second while steps run; public for tests, which own the clock. */
  tick(): void {
    if (this.options.live) {
      this.draw();
      return;
    }
    const now = this.options.now();
    for (const step of this.running) {
      if (!step.announced) {
        step.announced = true;
        step.lastLine = now;
        this.line(announcement(step));
      } else if (now - step.lastLine >= heartbeat) {
        step.lastLine = now;
        this.line(`${head(step, now)} ${step.title}: ${step.detail || "still at it"}`);
      }
    }
  }

  private finish(step: Running, failed: boolean): void {
    const mark = failed ? this.paint("31", "failed") : this.paint("32", "done");
    const way = step.way === "" || failed ? "" : `, ${step.way}`;
    this.line(`${head(step, this.options.now())} ${step.title}: ${mark}${way}`);
  }

  private line(text: string): void {
    this.options.write(this.options.live ? `\r\x1b[K${text}\n` : `${text}\n`);
    if (this.options.live) this.draw();
  }

  private draw(): void {
    if (this.running.size === 0) return;
    const now = this.options.now();
    const text = [...this.running].map((step) => liveText(step, now)).join(" · ");
    const width = this.options.width() - 1;
    this.options.write(`\r\x1b[K${text.length > width ? `${text.slice(0, width - 1)}…` : text}`);
  }

  private paint(code: string, text: string): string {
    return this.options.colour ? `\x1b[${code}m${text}\x1b[0m` : text;
  }
}

/** The reporter for this process: live on a terminal, plain under CI or into a file. */
export function terminalProgress(
  env: (name: string) => string | undefined = Deno.env.get,
): Progress {
  const live = Deno.stderr.isTerminal() && !env("CI") && env("TERM") !== "dumb";
  const encoder = new TextEncoder();
  return new Progress({
    write: (text) => writeAll(encoder.encode(text)),
    live,
    colour: live && !env("NO_COLOR"),
    width: () => Deno.consoleSize().columns || 80,
    now: () => performance.now(),
  });
}

/** Minutes and seconds, as in "2:05". */
export function elapsed(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** A length of time as a person says it, as in "9 min" or "40 s". */
export function spoken(seconds: number): string {
  return seconds < 90 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`;
}

function head(step: Running, now: number): string {
  return `${String(step.number).padStart(2)}  ${elapsed(now - step.began).padStart(5)} `;
}

function announcement(step: Running): string {
  const usually = step.usually === undefined ? "" : ` (usually ${spoken(step.usually)})`;
  return `${head(step, step.began)} ${step.title} …${usually}`;
}

function liveText(step: Running, now: number): string {
  const of = step.usually === undefined ? "" : ` of about ${spoken(step.usually)}`;
  const detail = step.detail === "" ? "" : `: ${step.detail}`;
  return `${step.number} ${step.title} ${elapsed(now - step.began)}${of}${detail}`;
}

function writeAll(bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length;) {
    written += Deno.stderr.writeSync(bytes.subarray(written));
  }
}
