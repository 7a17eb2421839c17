import assert from "node:assert/strict";
import { testShare } from "./_fixture.ts";
import { endpointsOf } from "./endpoints.ts";

Deno.test("endpointsOf() gives what clients need, ready to paste", () => {
  const server = { nfsEndpoint: "demo.files.svc:2049", smbEndpoint: "demo-smb.files.svc:445" };
  assert.deepEqual(endpointsOf(testShare(), server), {
    exportPath: "/projects",
    nfsEndpoint: "demo.files.svc:/projects",
    mountCommand: "mount -t nfs -o nfsvers=4.1,tcp,port=2049 demo.files.svc:/projects /mnt",
    smbEndpoint: "//demo-smb.files.svc/projects",
  });
});

Deno.test("endpointsOf() has ports that are not the usual ones, and addresses of IPv6", () => {
  const server = { nfsEndpoint: "[fd00::1]:32049", smbEndpoint: "[fd00::1]:1445" };
  const { nfsEndpoint, mountCommand, smbEndpoint } = endpointsOf(testShare(), server);
  assert.equal(nfsEndpoint, "[fd00::1]:/projects");
  assert.match(mountCommand ?? "", /port=32049 \[fd00::1\]:\/projects/);
  assert.equal(smbEndpoint, "//[fd00::1]:1445/projects");
});

Deno.test("endpointsOf() has the version of NFS that nodes use, with what it needs", () => {
  const share = testShare({ shareName: "data", persistentVolume: { nfsVersion: "3" } });
  const { mountCommand } = endpointsOf(share, { nfsEndpoint: "demo:2049" });
  assert.equal(
    mountCommand,
    "mount -t nfs -o nfsvers=3,tcp,port=2049,mountport=2049,mountproto=tcp,nolock demo:/data /mnt",
  );
});

Deno.test("endpointsOf() has nothing of a protocol that is not served", () => {
  assert.deepEqual(endpointsOf(testShare(), {}), { exportPath: "/projects" });
  assert.deepEqual(endpointsOf(testShare()), { exportPath: "/projects" });
});
