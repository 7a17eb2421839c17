// metadata.name: the longest object made of it is a Service, NAME-adapter-nfs.

import { MINIMAL } from "./_full.ts";
import type { Row } from "./_table.ts";

const LETTERS =
  "must begin with a letter and have only lower-case letters, digits and '-', so that Services can be named after it; choose another name";
const LENGTH =
  "must have at most 51 characters, so that Services can be named after it; choose a shorter name";

const row = (name: string, message?: string): Row => ({
  says: `metadata.name: "${name}"`,
  name,
  spec: MINIMAL,
  ...(message &&
    { cause: { field: "metadata.name", message: `Invalid value: "object": ${message}` } }),
});

export const names: readonly Row[] = [
  ...["a", "files", "files-2", "a1", "a--b", "a".repeat(51)].map((name) => row(name)),
  ...["1files", "files.example", "2"].map((name) => row(name, LETTERS)),
  row("a".repeat(52), LENGTH),
];
