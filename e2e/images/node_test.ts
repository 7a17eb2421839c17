import assert from "node:assert/strict";
import { shortReason } from "./image.ts";
import { storageManifest } from "./kind_files.ts";
import { officialNode } from "./node.ts";
import { sandboxImage } from "./node_build.ts";
import { baseSpec, nodeEntries } from "./node_files.ts";
import { libraries } from "./operator_base.ts";
import { runtimePath } from "./proxy_files.ts";
import { byProgram } from "./system_images.ts";
import type { TarEntry } from "./tar.ts";

const source = [
  'const storageProvisionerImage = "docker.io/p:1"',
  'const storageHelperImage = "docker.io/h:2"',
  "const defaultStorageManifest = `",
  "image: ` + storageProvisionerImage + `",
  "helper: ` + storageHelperImage + `",
  "`",
].join("\n");

const kind = {
  entries: [],
  containerdConfig: "  restrict_oom_score_adj = false\n",
  storage: storageManifest(source),
};
const programs = { kubelet: "/k/kubelet", kubeadm: "/k/kubeadm", kubectl: "/k/kubectl" };
const spec = JSON.stringify({
  process: { cwd: "/", rlimits: [{ type: "RLIMIT_NOFILE" }] },
  hooks: { createContainer: [{ path: "/before" }] },
});

function content(entries: readonly TarEntry[], path: string): string | undefined {
  const entry = entries.findLast((candidate) => candidate.path === path);
  return entry?.what.type === "bytes" ? new TextDecoder().decode(entry.what.bytes) : undefined;
}

Deno.test("storageManifest fills in the images and refuses a source that it does not know", () => {
  assert.equal(kind.storage.manifest, "\nimage: docker.io/p:1\nhelper: docker.io/h:2\n");
  assert.throws(() => storageManifest("package nodeimage"), /no storageProvisionerImage/);
});

Deno.test("nodeEntries change containerd only where the machine lacks CAP_SYS_RESOURCE", () => {
  const drop = "etc/systemd/system/containerd.service.d/10-no-sys-resource.conf";
  const whole = nodeEntries(kind, programs, spec, []);
  assert.match(content(whole, "etc/containerd/config.toml") ?? "", /adj = false/);
  assert.equal(content(whole, drop), undefined);
  const reduced = nodeEntries(kind, programs, spec, ["CAP_SYS_RESOURCE"]);
  assert.match(content(reduced, "etc/containerd/config.toml") ?? "", /adj = true/);
  assert.match(content(reduced, drop) ?? "", /OOMScoreAdjust=0/);
});

Deno.test("nodeEntries refuse a containerd configuration that has lost the setting", () => {
  const changed = { ...kind, containerdConfig: "" };
  assert.throws(() => nodeEntries(changed, programs, spec, ["CAP_SYS_RESOURCE"]), /restrict_oom/);
});

Deno.test("baseSpec adds kind's hook behind others and takes limits out", () => {
  const changed = JSON.parse(baseSpec(spec));
  assert.deepEqual(changed.process, { cwd: "/" });
  assert.deepEqual(
    changed.hooks.createContainer.map(({ path }: { path: string }) => path),
    ["/before", "/kind/bin/mount-product-files.sh"],
  );
});

Deno.test("runtimePath puts packaged files below /usr and leaves documentation out", () => {
  assert.equal(
    runtimePath("/lib/x86_64-linux-gnu/libc.so.6"),
    "usr/lib/x86_64-linux-gnu/libc.so.6",
  );
  assert.equal(runtimePath("/usr/sbin/iptables-nft"), "usr/sbin/iptables-nft");
  for (const path of ["/.", "", "/lib", "/usr/share/doc/iptables/README"]) {
    assert.equal(runtimePath(path), undefined);
  }
});

Deno.test("libraries finds each library and the loader in what ldd prints", () => {
  const ldd = "\tlinux-vdso.so.1 (0x00007ffc)\n" +
    "\tlibdl.so.2 => /lib/x86_64-linux-gnu/libdl.so.2 (0x00007f)\n" +
    "\t/lib64/ld-linux-x86-64.so.2 (0x00007f)\n";
  assert.deepEqual(libraries(ldd), [
    "/lib/x86_64-linux-gnu/libdl.so.2",
    "/lib64/ld-linux-x86-64.so.2",
  ]);
});

Deno.test("byProgram reads kubeadm's list by the last word of each name", () => {
  const list = "registry.k8s.io/coredns/coredns:v1.12.1\nregistry.k8s.io/etcd:3.6.5-0\n";
  assert.deepEqual([...byProgram(list).keys()], ["coredns", "etcd"]);
  assert.throws(() => byProgram("registry.k8s.io/etcd"), /without a tag/);
});

Deno.test("sandboxImage finds the name in containerd's configuration", () => {
  assert.equal(
    sandboxImage('[x]\n  sandbox_image = "registry.k8s.io/pause:3.10"\n'),
    "registry.k8s.io/pause:3.10",
  );
});

Deno.test("officialNode is pinned by digest, because kind moves its tags", () => {
  assert.match(officialNode, /^kindest\/node:v1\.34\.\d+@sha256:[0-9a-f]{64}$/);
});

Deno.test("shortReason keeps the words that say why", () => {
  const text = 'Error response from daemon: Get "https://registry.example/v2/": no such host';
  assert.equal(shortReason(text), "no such host");
});
