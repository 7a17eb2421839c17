import assert from "node:assert/strict";
import { plain } from "./cluster.ts";
import { auditPolicy, type ClusterForm, kindConfig } from "./cluster_config.ts";
import { LoadedImages, parseRecord } from "./loaded_images.ts";

const form: ClusterForm = {
  ownNetwork: false,
  reduced: false,
  auditDirectory: "/c/audit",
  policyDirectory: "/c/policy",
};

Deno.test("kindConfig keeps kind's network and gates where nothing has to be changed", () => {
  const config = JSON.parse(kindConfig(form));
  assert.deepEqual(Object.keys(config), ["kind", "apiVersion", "nodes"]);
  assert.equal(config.nodes.length, 1);
});

Deno.test("kindConfig turns kind's network off for a node with its own", () => {
  const config = JSON.parse(kindConfig({ ...form, ownNetwork: true }));
  assert.deepEqual(config.networking, { disableDefaultCNI: true });
});

Deno.test("kindConfig lets kubelet run without the right to raise limits", () => {
  const config = JSON.parse(kindConfig({ ...form, reduced: true }));
  assert.deepEqual(config.featureGates, { KubeletInUserNamespace: true });
});

Deno.test("kindConfig leads the audit log of the API server to this machine", () => {
  const [node] = JSON.parse(kindConfig(form)).nodes;
  const patch = JSON.parse(node.kubeadmConfigPatches[0]);
  const log: string = patch.apiServer.extraArgs["audit-log-path"];
  const [audit, policy] = node.extraMounts;
  assert.equal(audit.hostPath, "/c/audit");
  assert.ok(log.startsWith(`${audit.containerPath}/`));
  assert.ok(patch.apiServer.extraArgs["audit-policy-file"].startsWith(`${policy.containerPath}/`));
  const mounted = patch.apiServer.extraVolumes.map((volume: { hostPath: string }) =>
    volume.hostPath
  );
  assert.deepEqual(mounted, [policy.containerPath, audit.containerPath]);
});

Deno.test("auditPolicy never writes bodies, so no Secret gets into the log", () => {
  const policy = JSON.parse(auditPolicy());
  assert.deepEqual(policy.rules.map((rule: { level: string }) => rule.level), ["Metadata"]);
  assert.deepEqual(policy.omitStages, ["RequestReceived"]);
});

Deno.test("plain takes bullets and pictures out of kind's lines", () => {
  assert.equal(plain(" • Preparing nodes 📦   ..."), "Preparing nodes");
  assert.equal(plain(" ✓ Starting control-plane 🕹️"), "Starting control-plane");
});

Deno.test("LoadedImages asks again for a changed image and for all of a new container", async () => {
  const directory = await Deno.makeTempDir({ prefix: "loaded-test-" });
  try {
    const loaded = new LoadedImages(`${directory}/loaded.json`);
    const [a, b] = [{ name: "a", id: "1" }, { name: "b", id: "1" }];
    assert.deepEqual(await loaded.missing("container", [a, b]), [a, b]);
    await loaded.add("container", a);
    await loaded.add("container", b);
    assert.deepEqual(await loaded.missing("container", [a, b]), []);
    const changed = { name: "a", id: "2" };
    assert.deepEqual(await loaded.missing("container", [changed, b]), [changed]);
    assert.deepEqual(await loaded.missing("another", [a, b]), [a, b]);
    await loaded.add("another", a);
    assert.deepEqual(await loaded.missing("another", [a, b]), [b]);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});

Deno.test("parseRecord takes what is not a record for an empty one", () => {
  const empty = { container: "", images: {} };
  for (const text of ["", "{", "[]", '{"container":1}', '{"container":"x","images":null}']) {
    assert.deepEqual(parseRecord(text), empty);
  }
});
