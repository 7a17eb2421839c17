import assert from "node:assert/strict";
import { planeTools } from "./control_plane_tools.ts";

const built = (names: readonly string[]) =>
  Promise.resolve(Object.fromEntries(names.map((name) => [name, `/built/${name}`])));

async function withAssets(
  names: readonly string[],
  body: (directory: string) => Promise<void>,
): Promise<void> {
  const directory = await Deno.makeTempDir();
  try {
    for (const name of names) await Deno.writeTextFile(`${directory}/${name}`, "");
    await body(directory);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

Deno.test("planeTools asks the toolchain only for what is needed", async () => {
  assert.deepEqual(await planeTools({ controllerManager: false }, undefined, built), {
    etcd: "/built/etcd",
    "kube-apiserver": "/built/kube-apiserver",
    kubectl: "/built/kubectl",
  });
  const all = await planeTools({ controllerManager: true }, "", built);
  assert.equal(all["kube-controller-manager"], "/built/kube-controller-manager");
});

Deno.test("planeTools takes envtest's binaries and builds nothing", async () => {
  await withAssets(["etcd", "kube-apiserver", "kubectl"], async (assets) => {
    const none = () => Promise.reject(new Error("nothing may be built"));
    const tools = await planeTools({ controllerManager: false }, assets, none);
    assert.equal(tools.etcd, `${assets}/etcd`);
  });
});

Deno.test("planeTools refuses the controller manager that envtest does not have", async () => {
  await withAssets(["etcd", "kube-apiserver", "kubectl"], async (assets) => {
    await assert.rejects(
      planeTools({ controllerManager: true }, assets, built),
      /needs kube-controller-manager.*unset KUBEBUILDER_ASSETS/,
    );
  });
});

Deno.test("planeTools names what is missing in KUBEBUILDER_ASSETS", async () => {
  await withAssets(["etcd"], async (assets) => {
    await assert.rejects(
      planeTools({ controllerManager: false }, assets, built),
      /kube-apiserver is not there/,
    );
  });
});
