// Tests beside which stand-ins of kubelet and storage run: those work from one test into the next,
// as the real ones would, so what they have under way says nothing about the test.

/** Declares such a test. */
export function beside(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, fn, sanitizeOps: false, sanitizeResources: false });
}
