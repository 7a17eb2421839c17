import assert from "node:assert/strict";
import * as z from "zod";
import type { ResourceDefinition } from "./crd.ts";
import { dittoServerDefinition } from "./dittoserver/definition.ts";
import { cidr, duration, port, secretRef, text } from "./fields.ts";
import { referencePage } from "./reference.ts";
import { anchor } from "./reference_types.ts";
import { RESOURCES } from "./resources.ts";
import { deprecated, rules } from "./schema.ts";

const conditions = {
  Ready: {
    Serving: { status: "True", meaning: "It serves." },
    Broken: { status: "False", meaning: "It does not.", remedy: "Repair it." },
  },
} as const;

/** The page of a resource with these fields, line by line. */
function pageOf(fields: z.ZodRawShape, meta: Record<string, unknown> = {}): string[] {
  const definition: ResourceDefinition = {
    ...dittoServerDefinition,
    schema: z.object({ spec: z.object(fields).meta(meta), status: z.object({}).optional() }),
  };
  return referencePage(definition, { example: "kind: X", conditions }).split("\n");
}

/** The row of one field. */
function rowOf(field: z.ZodType): string | undefined {
  return pageOf({ field }).find((line) => /^\| \[?(\*\*)?`field`/.test(line));
}

const rows: readonly [string, z.ZodType, string][] = [
  [
    "a number with its bounds and default, but no example that repeats it",
    port(80).default(80).meta({ description: "Where it listens." }),
    "| `field` | integer, 1 to 65535 | `80` | Where it listens. |",
  ],
  [
    "a required text in bold, its form in a few words, and an example",
    text(/^x$/, 9, "a letter: x and nothing else", "x").meta({ description: "A letter." }),
    "| **`field`** | [letter](#forms) |  | A letter. Example: `x`. |",
  ],
  [
    "a duration with its bounds",
    duration("1s", "1h", "10s").optional().meta({ description: "How long." }),
    "| `field` | [duration from 1s to 1h](#forms) |  | How long. Example: `10s`. |",
  ],
  [
    "the values of an enum",
    z.enum(["a", "b"]).default("a").meta({ description: "Which.", examples: ["b"] }),
    "| `field` | `a`, `b` | `a` | Which. |",
  ],
  [
    "a deprecated field with what to do instead, first",
    z.boolean().optional().meta({ description: "Once useful.", ...deprecated("use b") }),
    "| `field` | boolean |  | **Deprecated:** use b. Once useful. |",
  ],
  [
    "a reference to a Secret in one row, as it is written",
    secretRef("files", "password").optional().meta({ description: "A password." }),
    "| `field` | [reference to a Secret](#forms) |  | A password. Example: `{name: files, key: password}`. |",
  ],
  [
    "a map with its rule",
    z.record(z.string(), z.string()).optional().meta({
      description: "Labels.",
      examples: [{ a: "b" }],
      ...rules({ rule: "true", message: "must not have c" }),
    }),
    '| `field` | map of strings |  | Labels. Example: `{"a":"b"}`. It must not have c. |',
  ],
  [
    "a pipe that does not end the cell",
    z.string().optional().meta({ description: "This | that." }),
    "| `field` | text |  | This \\| that. |",
  ],
  [
    "a list of texts with one of them, and what each must be",
    z.array(cidr("10.0.0.0/8")).optional().meta({ description: "From where." }),
    '| `field` | list of texts |  | From where. Example: `["10.0.0.0/8"]`. Each must be an address range in CIDR form, such as 10.0.0.0/8 or 2001:db8::/32. |',
  ],
  [
    "a long form that has no name beside its meaning",
    text(/^x$/, 9, `a word${" or word".repeat(20)}`, "x").meta({ description: "A word." }),
    `| **\`field\`** | text |  | A word. Example: \`x\`. It must be a word${
      " or word".repeat(20)
    }. |`,
  ],
  [
    "a list with a link to what is in it",
    z.array(z.object({ a: z.string() })).optional().meta({ description: "Several." }),
    "| [`field`](#specfield) | list of objects |  | Several. |",
  ],
];

for (const [what, field, row] of rows) {
  Deno.test(`referencePage() shows ${what}`, () => {
    assert.equal(rowOf(field), row);
  });
}

Deno.test("referencePage() says in full once what the form of many fields is", () => {
  const form = text(/^x$/, 9, "a letter: x and nothing else", "x");
  const lines = pageOf({ a: form, b: form, c: duration("1s", "1h"), d: duration("1m", "2h") });
  assert.equal(lines.filter((line) => line === "- **letter**: x and nothing else").length, 1);
  const durations = lines.filter((line) => line.startsWith("- **duration**"));
  assert.deepEqual(durations, ["- **duration** with its unit (ms, s, m or h)"]);
});

Deno.test("referencePage() lists rules in the words of the refusal, with the field that they lack", () => {
  const lines = pageOf(
    { a: z.string() },
    rules(
      { rule: "true", message: "a is wrong; remove it", fieldPath: ".a" },
      { rule: "true", message: "must be a short name", fieldPath: ".metadata.name" },
    ),
  );
  assert.ok(lines.includes("- a is wrong; remove it"));
  assert.ok(lines.includes("- `metadata.name` must be a short name"));
});

Deno.test("referencePage() lists every reason of every condition with its remedy", () => {
  const lines = pageOf({});
  assert.ok(lines.includes("| `Ready` | True | `Serving` | It serves. |  |"));
  assert.ok(lines.includes("| `Ready` | False | `Broken` | It does not. | Repair it. |"));
});

for (const { definition, conditions } of RESOURCES) {
  const file = `docs/reference/${definition.singular}.md`;
  const page = Deno.readTextFileSync(new URL(`../${file}`, import.meta.url));

  Deno.test(`${file} begins with a manifest of its kind`, () => {
    assert.match(page, new RegExp("```yaml\\n[^`]*^kind: " + definition.kind + "$", "m"));
  });

  Deno.test(`${file} has a heading for every link within it`, () => {
    const headings = [...page.matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) => anchor(heading));
    assert.equal(new Set(headings).size, headings.length, "two headings have the same anchor");
    const links = [...page.matchAll(/\]\(#([^)]*)\)/g)].map(([, target = ""]) => target);
    assert.ok(links.length > 5, `only ${links.length} links`);
    assert.deepEqual(links.filter((target) => !headings.includes(target)), []);
  });

  Deno.test(`${file} has tables whose rows have as many cells as their heads`, () => {
    for (const table of page.matchAll(/(^\|.*\n)+/gm)) {
      const [head = 0, ...rest] = table[0].trim().split("\n")
        .map((row) => row.replaceAll("\\|", "").split("|").length);
      assert.deepEqual(rest.filter((cells) => cells !== head), [], table[0].slice(0, 200));
    }
  });

  Deno.test(`${file} has a row for every reason of every condition`, () => {
    for (const [type, reasons] of Object.entries(conditions)) {
      for (const reason of Object.keys(reasons)) {
        assert.match(
          page,
          new RegExp(`^\\| \`${type}\` \\| (True|False) \\| \`${reason}\` \\|`, "m"),
        );
      }
    }
  });
}
