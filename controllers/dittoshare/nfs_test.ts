import assert from "node:assert/strict";
import type { ShareNfsConfig } from "../../dittofs/share_nfs.ts";
import { testShare } from "./_fixture.ts";
import { exportFields, exportLack, PROTECTIONS } from "./nfs.ts";

/** How the server exports a share that was just made. */
const NEW: ShareNfsConfig = {
  ...{ allowAuthSys: true, disableReaddirplus: false, minKerberosLevel: "krb5", netgroup: "" },
  ...{ requireKerberos: false, squash: "root_to_guest" },
};
const fields = (nfs: object = {}) => exportFields(testShare({ nfs }));

Deno.test("exportFields() of a spec without nfs is what a new share has anyway", () => {
  assert.deepEqual(exportLack(NEW, fields()), { fields: {}, names: [], atRestart: [] });
});

Deno.test("exportFields() lets in without Kerberos only where nothing else is said", () => {
  assert.equal(fields().allowAuthSys, true);
  assert.equal(fields({ allowAuthSys: false }).allowAuthSys, false);
  assert.equal(fields({ requireKerberos: true }).allowAuthSys, false);
});

Deno.test("exportFields() has a netgroup also for an empty list of clients, which lets nobody in", () => {
  assert.equal(fields().netgroup, "");
  assert.equal(fields({ allowedClients: [] }).netgroup, "share-projects");
  assert.equal(fields({ allowedClients: ["10.0.0.1"] }).netgroup, "share-projects");
});

Deno.test("exportLack() names what differs as the spec does, and what waits for a restart", () => {
  const nfs = {
    ...{ squash: "none", anonymousUID: 1, anonymousGID: 2, requireKerberos: true },
    ...{ minKerberosLevel: "krb5p", disableReaddirplus: true, allowedClients: ["10.0.0.1"] },
  };
  const { fields: sent, names, atRestart } = exportLack(NEW, fields(nfs));
  assert.deepEqual(sent, {
    ...{ squash: "none", anonymousUid: 1, anonymousGid: 2, requireKerberos: true },
    ...{ allowAuthSys: false, minKerberosLevel: "krb5p", disableReaddirplus: true },
    netgroup: "share-projects",
  });
  assert.equal(names.length, 8);
  assert.ok(names.every((name) => name.startsWith("nfs.")));
  assert.deepEqual(atRestart.toSorted(), [
    ...["nfs.allowAuthSys", "nfs.disableReaddirplus", "nfs.minKerberosLevel"],
    "nfs.requireKerberos",
  ]);
  assert.deepEqual(atRestart.filter((name) => PROTECTIONS.has(name)).length, 3);
});

Deno.test("exportLack() takes ids that the server leaves out for those of nobody", () => {
  assert.deepEqual(exportLack(NEW, fields({ anonymousUID: 65534 })).names, []);
  assert.deepEqual(exportLack({ ...NEW, anonymousUid: 7 }, fields()).names, ["nfs.anonymousUID"]);
});
