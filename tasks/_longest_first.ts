// The order in which integration tests begin: a long one that began last would keep the machine
// waiting for it alone. Nothing depends on it but the time that the run takes.

/** The files that take longer than half a minute, the longest first. */
export const slowFiles = [
  "e2e/integration/share_crash_points_test.ts",
  "e2e/integration/crash_points_test.ts",
  "e2e/integration/volume_growth_crash_test.ts",
  "e2e/integration/share_deletion_crash_points_test.ts",
  "e2e/integration/account_crash_points_test.ts",
  "e2e/integration/volume_growth_test.ts",
  "e2e/integration/share_test.ts",
  "e2e/integration/share_s3_test.ts",
  "e2e/integration/idle_test.ts",
  "e2e/integration/api_outage_test.ts",
  "e2e/integration/account_test.ts",
  "e2e/integration/rest_server_test.ts",
  "e2e/integration/spec_rules_test.ts",
] as const;

/** The slow ones, and then the others as they are. */
export function longestFirst(files: readonly string[]): string[] {
  const slow = slowFiles.filter((file) => files.includes(file));
  const isSlow = new Set<string>(slow);
  return [...slow, ...files.filter((file) => !isSlow.has(file))];
}
