// Counts results in JUnit XML, which both `deno test` and Chainsaw write. Only the elements
// `testcase`, `failure`, `error` and `skipped` are looked at; anything that is not well-formed is
// an error, because a report that was cut off must not count as a success.

/** What a report says. A skipped test is neither passed nor failed. */
export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** A line for each failed test: its name, and how its message begins. */
  readonly failures: readonly string[];
}

/**
 * Counts the test cases of a report.
 *
 * @throws {SyntaxError} when the text is not one complete XML document with a `testsuites` root
 */
export function parseJUnit(xml: string): TestCounts {
  const open: string[] = [];
  const failures: string[] = [];
  let passed = 0;
  let skipped = 0;
  let name = "";
  let outcome: "passed" | "failed" | "skipped" = "passed";
  let message = "";
  let root: string | undefined;
  for (const tag of tags(xml)) {
    if (tag.kind !== "close") {
      if (open.length === 0 && root !== undefined) throw new SyntaxError("a second root element");
      root ??= tag.name;
      open.push(tag.name);
      if (tag.name === "testcase") {
        name = attribute(tag.attributes, "name");
        outcome = "passed";
        message = "";
      } else if (tag.name === "failure" || tag.name === "error") {
        outcome = "failed";
        message ||= attribute(tag.attributes, "message");
      } else if (tag.name === "skipped" && outcome === "passed") outcome = "skipped";
    }
    if (tag.kind !== "open") {
      if (open.pop() !== tag.name) throw new SyntaxError(`</${tag.name}> closes nothing`);
      if (tag.name !== "testcase") continue;
      if (outcome === "passed") passed++;
      else if (outcome === "skipped") skipped++;
      else failures.push(told(name, message));
    }
  }
  if (open.length > 0) throw new SyntaxError(`the report ends inside <${open.at(-1)}>`);
  if (root !== "testsuites") throw new SyntaxError("this is not a JUnit report");
  return { passed, failed: failures.length, skipped, failures };
}

/** Characters of a message; what is cut off is in the report. */
const ENOUGH = 300;

function told(name: string, message: string): string {
  const line = message.replace(/^Uncaught /, "").replaceAll(/\s+/g, " ").trim();
  if (line === "") return name;
  return `${name}: ${line.length > ENOUGH ? `${line.slice(0, ENOUGH)} …` : line}`;
}

/**
 * One report of several.
 *
 * @param reports well-formed ones, as {@link parseJUnit} accepts them
 */
export function mergeJUnit(reports: readonly string[]): string {
  const suites = reports.map((report) => {
    const begin = /<testsuites\b[^>]*>/.exec(report);
    const end = report.lastIndexOf("</testsuites>");
    return begin && end >= 0 ? report.slice(begin.index + begin[0].length, end).trim() : "";
  });
  const body = suites.filter((text) => text !== "").map((text) => `    ${text}\n`).join("");
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n${body}</testsuites>\n`;
}

interface Tag {
  readonly kind: "open" | "close" | "empty";
  readonly name: string;
  readonly attributes: string;
}

const markup =
  /<!--[^]*?-->|<!\[CDATA\[[^]*?\]\]>|<\?[^]*?\?>|<(\/?)([A-Za-z_][\w.:-]*)((?:\s+[\w.:-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>/y;

function* tags(xml: string): Generator<Tag> {
  let at = 0;
  while ((at = xml.indexOf("<", at)) >= 0) {
    markup.lastIndex = at;
    const match = markup.exec(xml);
    if (!match) throw new SyntaxError(`not XML at character ${at}: ${xml.slice(at, at + 40)}`);
    at = markup.lastIndex;
    const [, slash, name, attributes = "", empty] = match;
    if (name === undefined) continue;
    yield { kind: slash ? "close" : empty ? "empty" : "open", name, attributes };
  }
}

const entities: Readonly<Record<string, string>> = {
  lt: "<",
  gt: ">",
  amp: "&",
  quot: '"',
  apos: "'",
};

function attribute(attributes: string, name: string): string {
  const match = new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`).exec(attributes);
  return (match?.[1] ?? match?.[2] ?? "").replace(/&(\w+);/g, (all, key) => entities[key] ?? all);
}
