// Steps that run side by side and end together.
//
// `Promise.all` rejects with the first failure and leaves the other steps running: whoever then
// tries again does so while they still write.

/** The results of all steps. Throws the first failure, but only when every step has ended. */
export async function allEnded<T extends readonly unknown[] | []>(
  steps: T,
): Promise<{ -readonly [I in keyof T]: Awaited<T[I]> }> {
  await Promise.allSettled(steps);
  return await Promise.all(steps);
}
