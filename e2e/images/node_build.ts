// Builds a node image: Debian, kind's files and the Kubernetes programs as layers, then the system
// images put into the containerd of the image itself.

import type { Cache } from "../harness/cache.ts";
import { hostMissingCapabilities } from "../harness/capabilities.ts";
import type { Docker } from "../harness/docker.ts";
import type { Progress, Step } from "../harness/progress.ts";
import { ensureTools } from "../harness/toolchain.ts";
import { existingLayer, writeArchive, writeLayer } from "./archive.ts";
import { path } from "./common.ts";
import { kindFiles } from "./kind_files.ts";
import { nodeEntries } from "./node_files.ts";
import { ensureNodeRoot } from "./node_root.ts";
import { systemPrograms, writeSystemImages } from "./system_images.ts";

/** The programs that go into the image or into the images inside it. */
export const nodePrograms = ["kubelet", "kubeadm", "kubectl", ...systemPrograms] as const;

/** Builds the image under the given name. */
export async function buildNodeImage(
  name: string,
  docker: Docker,
  progress: Progress,
  cache: Cache,
): Promise<void> {
  // Debian's packages come from the network while the compiler uses the processors.
  const [root, paths] = await Promise.all([
    ensureNodeRoot(progress, cache),
    ensureTools(nodePrograms, progress, cache),
  ]);
  await progress.step("build the node image", 45, async (step) => {
    const scratch = await cache.scratch("node-image");
    try {
      const kind = await kindFiles(step);
      step.detail("layers");
      const missing = await hostMissingCapabilities();
      const spec = await Deno.readTextFile(root.spec);
      const layers = [
        await existingLayer(root.root),
        await writeLayer(`${scratch}/node.tar`, nodeEntries(kind, paths, spec, missing)),
      ];
      const base = `${name}-base`;
      await writeArchive(`${scratch}/base.tar`, [{
        names: [base],
        layers,
        config: {
          // systemd's signal to shut down; SIGTERM would make it start again.
          StopSignal: "SIGRTMIN+3",
          Entrypoint: ["/usr/local/bin/entrypoint", "/sbin/init"],
          Env: [path, "container=docker"],
        },
      }]);
      step.detail("loading into Docker");
      await docker.run(["load", "--quiet", "--input", `${scratch}/base.tar`]);
      await Deno.remove(`${scratch}/base.tar`);
      step.detail("system images");
      await writeSystemImages(`${scratch}/system.tar`, scratch, {
        programs: paths,
        kubeadm: paths.kubeadm,
        storage: kind.storage,
        sandbox: sandboxImage(kind.containerdConfig),
        proxy: root.proxy,
      }, cache);
      await importInto(docker, base, name, `${scratch}/system.tar`, step);
      await docker.run(["image", "rm", base]);
      await docker.trimImages(name.split(":")[0] ?? name, name);
    } finally {
      await Deno.remove(scratch, { recursive: true });
    }
    step.way("built from Debian packages and Go modules");
  });
}

/** The name of the image that holds a pod's namespaces, from containerd's configuration. */
export function sandboxImage(config: string): string {
  const name = /^\s*sandbox_image = "([^"]+)"/m.exec(config)?.[1];
  if (name === undefined) throw new Error("kind's containerd configuration names no sandbox image");
  return name;
}

/** Puts the archive's images into the image's own containerd, where kubelet will look for them. */
async function importInto(
  docker: Docker,
  base: string,
  name: string,
  archive: string,
  step: Step,
): Promise<void> {
  step.detail("importing system images");
  const container = (await docker.run([
    "run",
    "--detach",
    "--entrypoint=/bin/sleep",
    base,
    "infinity",
  ])).trim();
  try {
    await docker.run(["cp", archive, `${container}:/system.tar`]);
    // Not unpacked here: that takes mounts, which only a privileged container may make. kubelet's
    // first use of an image unpacks it.
    await docker.run(["exec", container, "sh", "-euc", importScript]);
    step.detail("committing");
    await docker.run([
      "commit",
      `--change=ENTRYPOINT ["/usr/local/bin/entrypoint", "/sbin/init"]`,
      "--change=CMD []",
      container,
      name,
    ]);
  } finally {
    await docker.run(["rm", "--force", "--volumes", container]);
  }
}

const importScript = `
containerd >/tmp/containerd.log 2>&1 &
pid=$!
tries=0
until ctr version >/dev/null 2>&1; do
  tries=$((tries + 1))
  [ "$tries" -lt 300 ] || { cat /tmp/containerd.log >&2; exit 1; }
  sleep 0.1
done
ctr --namespace=k8s.io images import --all-platforms --no-unpack /system.tar
kill "$pid"
wait "$pid" || true
rm -f /system.tar /tmp/containerd.log
`;
