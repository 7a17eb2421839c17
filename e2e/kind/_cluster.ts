// The kind cluster that `deno task test` has made, for tests in TypeScript. They run after the
// operator was deployed into it.

import { AuditLog } from "../harness/audit.ts";
import { run } from "../harness/command.ts";

/** The cluster at hand. */
export interface TestCluster {
  readonly audit: AuditLog;
  /** Standard output of kubectl. */
  kubectl(args: readonly string[], input?: string): Promise<string>;
}

/** Finds the cluster. Throws when the tests were not started by `deno task test`. */
export function testCluster(): TestCluster {
  const auditLog = Deno.env.get("DITTOFS_TEST_AUDIT_LOG");
  if (auditLog === undefined || Deno.env.get("KUBECONFIG") === undefined) {
    throw new Error("these tests need a kind cluster: deno task test --only chainsaw");
  }
  const kubectl = (args: readonly string[], input?: string) =>
    run("kubectl", args, { timeout: 240_000, ...(input !== undefined && { input }) });
  return {
    kubectl,
    audit: new AuditLog(auditLog, async (word) => {
      // The user agent of kubectl cannot be chosen; the URL of a request can.
      await kubectl(["get", "--raw", `/version?${word}`]);
    }),
  };
}
