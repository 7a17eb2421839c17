// The type column of a reference page: what a field can hold, in a few words. Where there is more
// to say of a form, it is said once at the end of the page, and the words link to it.

import { type JsonSchema, propertiesOf } from "./json_schema.ts";
import { EMBED, FORM } from "./schema.ts";

/** Heading of what is said once for many fields. */
export const FORMS = "Forms";

/** The anchor that Markdown gives to a heading. */
export function anchor(heading: string): string {
  return heading.toLowerCase().replaceAll(/[^a-z0-9 -]/g, "").replaceAll(" ", "-");
}

/** Characters that fit into the type column; a longer form is said with the meaning. */
const LONGEST = 60;

/** The form of a field that is too long for its type. */
export function longFormOf(field: JsonSchema): string {
  const form = formOf(field);
  return form && form.name.length > LONGEST ? `It must be ${form.whole}.` : "";
}

/** What a field can hold. */
export function typeOf(field: JsonSchema): string {
  const embedded = field[EMBED];
  if (typeof embedded === "string") return `Kubernetes ${embedded.split(".").at(-1)}`;
  if (Array.isArray(field.enum)) return field.enum.map((value) => `\`${value}\``).join(", ");
  if (isSecretRef(field)) return `[reference to a Secret](#${anchor(FORMS)})`;
  const form = formOf(field);
  if (form && form.name.length > LONGEST) return "text";
  if (form) return form.more ? `[${form.name}](#${anchor(FORMS)})` : form.name;
  switch (field.type) {
    case "array":
      return `list of ${plural(field.items as JsonSchema)}`;
    case "object":
      return field.additionalProperties ? "map of strings" : "object";
    case "integer":
      return `integer${rangeOf(field)}`;
    case "string":
      return "text";
    default:
      return String(field.type ?? "any");
  }
}

/** A reference to one key of a Secret: there are many, and all have the same three fields. */
export function isSecretRef(field: JsonSchema): boolean {
  return propertiesOf(field).map(([name]) => name).join() === "name,key,optional";
}

/** What the forms of all fields below a schema are, each once and in full. */
export function formsOf(schema: JsonSchema): string {
  const forms = new Set<string>();
  collect(schema, forms);
  const inOrder = [...forms].sort((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1));
  return [`## ${FORMS}`, "", ...inOrder.map((form) => `- ${form}`)].join("\n");
}

const SECRET_REF =
  "**reference to a Secret**: an object with `name` and `key`, both required. `optional` is accepted for manifests of the Go operator and ignored";

function collect(schema: JsonSchema, forms: Set<string>): void {
  if (isSecretRef(schema)) forms.add(SECRET_REF);
  const form = formOf(schema);
  if (form?.more && form.name.length <= LONGEST) {
    forms.add(`**${form.name.replace(/ from \S+ (to \S+|on)/, "")}**${form.more}`);
  }
  for (const [, field] of propertiesOf(schema)) collect(field, forms);
  if (schema.items) collect(schema.items as JsonSchema, forms);
}

/** What is said of a form: in a few words, the rest of it, and as the end of "It must be …". */
interface Form {
  readonly name: string;
  readonly more: string;
  readonly whole: string;
}

function formOf(schema: JsonSchema): Form | undefined {
  const stated = schema[FORM] as string | { form: string } | undefined;
  if (stated === undefined) return undefined;
  const whole = typeof stated === "string" ? stated : stated.form;
  const form = whole.replace(/^(a|an|the) /, "");
  const end = form.search(/: |, as |, or empty| with (its|the|a) unit/);
  return end < 0
    ? { name: form, more: "", whole }
    : { name: form.slice(0, end), more: form.slice(end), whole };
}

function plural(items: JsonSchema): string {
  return items.properties
    ? "objects"
    : items.type === "string" && !items.enum
    ? "texts"
    : typeOf(items);
}

function rangeOf({ minimum, maximum }: JsonSchema): string {
  const has = (bound: unknown) => Number.isSafeInteger(bound) && Math.abs(Number(bound)) < 2 ** 52;
  if (has(minimum) && has(maximum)) return `, ${minimum} to ${maximum}`;
  return has(minimum) ? `, from ${minimum}` : "";
}
