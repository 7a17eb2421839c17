// The fields of the server's answers, so that a new version of the server tells what it changed.

/**
 * The answers of some endpoints: `METHOD /path` to a list of `field: type`, separated by commas;
 * with a question mark behind it where the server may leave the field out.
 */
export type FieldTable = Readonly<Record<string, string>>;

/** Every field in a text of JSON with its type; lists by their first item. */
export function fieldsOf(json: string): string {
  return [...walk("", JSON.parse(json))].toSorted().join(", ");
}

/** What differs from the table, one line for each endpoint and field. */
export function changes(table: FieldTable, answers: ReadonlyMap<string, string>): string[] {
  return Object.entries(table).flatMap(([endpoint, wanted]) => {
    const answer = answers.get(endpoint);
    if (answer === undefined) return [`${endpoint}: was not asked`];
    const now = fieldsOf(answer);
    const [before, after] = [new Set(wanted.split(/\??, |\?$/)), new Set(now.split(", "))];
    const needed = new Set(wanted.split(", ").filter((field) => !field.endsWith("?")));
    return [
      ...[...needed.difference(after)].map((field) => `${endpoint}: no longer ${field}`),
      ...[...after.difference(before)].map((field) => `${endpoint}: new ${field}`),
    ];
  });
}

function* walk(name: string, value: unknown): Generator<string> {
  if (Array.isArray(value)) {
    if (value.length === 0) yield `${name}[]: nothing`;
    else yield* walk(`${name}[]`, value[0]);
  } else if (typeof value === "object" && value !== null) {
    for (const [field, inner] of Object.entries(value)) {
      yield* walk(name === "" ? field : `${name}.${field}`, inner);
    }
  } else {
    yield `${name}: ${value === null ? "null" : typeof value}`;
  }
}
