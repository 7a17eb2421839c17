// The operator dies just before or just after each of its calls about a share that it makes or
// changes, to the API server and to the real DittoFS server, is started again, and must end where
// it would have ended.

import { FULL, ready, shareCrashTests } from "./_share_crash_run.ts";

const OTHERWISE = {
  quota: "2Gi",
  ...{ readOnly: true, defaultPermission: "read", smb: { accessBasedEnumeration: true } },
  grants: [{ user: "bob", permission: "admin" }],
  quotas: [{ user: "bob", files: 10 }],
  nfs: { squash: "all_to_guest" },
};

shareCrashTests([
  { name: "create", change: (run) => run.apply(FULL), done: ready },
  {
    name: "edit",
    before: (run) => run.made(FULL),
    change: (run) => run.apply(OTHERWISE),
    done: ready,
  },
]);
