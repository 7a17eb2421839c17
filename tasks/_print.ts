// One line to a person.

/** Writes a line to standard output, or to another stream. */
export function print(
  line: string,
  stream: { writeSync(bytes: Uint8Array): number } = Deno.stdout,
): void {
  let rest = new TextEncoder().encode(`${line}\n`);
  while (rest.length > 0) rest = rest.subarray(stream.writeSync(rest));
}
