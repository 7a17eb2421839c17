// Secrets that a request carries must not come back in an error's text.

const SECRET = /secret|password|token|_key$/i;
const HIDDEN = "********";

/** The text without the secrets that stand in the request's body. */
export function withoutSecrets(text: string, body: unknown): string {
  return secretsIn(body).reduce((rest, secret) => rest.replaceAll(secret, HIDDEN), text);
}

/** Every text in the value that stands under the name of a secret, the longest first. */
function secretsIn(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value)
    .flatMap(([name, field]) =>
      typeof field === "string" && SECRET.test(name) ? [field] : secretsIn(parsed(field))
    )
    .filter((secret) => secret !== "")
    .toSorted((a, b) => b.length - a.length);
}

/** Stores' configurations are texts of JSON. */
function parsed(field: unknown): unknown {
  if (typeof field !== "string" || !field.startsWith("{")) return field;
  try {
    return JSON.parse(field);
  } catch {
    return field;
  }
}
