// The image of a kind node: pulled where a registry has it, else built from what Debian's and Go's
// package registries have. The built one differs in one thing that a test can notice: its pod
// network does not enforce NetworkPolicy, because kind's network daemon is not a Go module.

import { type Cache, cacheKey } from "../harness/cache.ts";
import { hostMissingCapabilities } from "../harness/capabilities.ts";
import type { Docker } from "../harness/docker.ts";
import type { Progress, Step } from "../harness/progress.ts";
import { ensureTools, graphFiles, toolKey } from "../harness/toolchain.ts";
import { existingLayer, writeArchive, writeLayer } from "./archive.ts";
import { path } from "./common.ts";
import { pull } from "./image.ts";
import { kindFiles } from "./kind_files.ts";
import { nodeEntries } from "./node_files.ts";
import { ensureNodeRoot } from "./node_root.ts";
import { systemPrograms, writeSystemImages } from "./system_images.ts";

/** The image that kind v0.33.0 was released with for this line of Kubernetes. */
export const officialNode =
  "docker.io/kindest/node:v1.34.11@sha256:44e222ee2132dab25ff87301682f89eb82c7880ea3a1bf543bfe9708fd08d67d";

/** The environment variable that names another node image, for registries that mirror images. */
export const nodeImageVariable = "DITTOFS_NODE_IMAGE";

const repository = "dittofs-operator-node";
const nodePrograms = ["kubelet", "kubeadm", "kubectl"] as const;
const programs = [...nodePrograms, ...systemPrograms] as const;

/** A node image in the Docker engine. */
export interface NodeImage {
  readonly name: string;
  /** True when it was built here: it then brings its own pod network. */
  readonly built: boolean;
}

/** Pulls or builds the image. */
export async function ensureNodeImage(
  docker: Docker,
  progress: Progress,
  cache: Cache,
): Promise<NodeImage> {
  const name = `${repository}:${await nodeKey()}`;
  const official = Deno.env.get(nodeImageVariable) ?? officialNode;
  const found = await progress.step("kind node image", undefined, async (step) => {
    for (const candidate of [official, name]) {
      if (await docker.imageId(candidate) === undefined) continue;
      step.way(candidate === name ? "built by an earlier run" : "found in Docker");
      return { name: candidate, built: candidate === name };
    }
    const refusal = await pull(docker, official, step.detail);
    if (refusal === undefined) {
      step.way("pulled");
      return { name: official, built: false };
    }
    step.way(`to be built, because it could not be pulled: ${refusal}`);
    return undefined;
  });
  return found ?? await cache.exclusively("node-image", () => build(name, docker, progress, cache));
}

async function nodeKey(): Promise<string> {
  const files = await graphFiles("kubernetes");
  return cacheKey({
    tools: JSON.stringify([...programs, "kind" as const].map((tool) => toolKey(tool, files))),
    missing: JSON.stringify(await hostMissingCapabilities()),
    sources: JSON.stringify(
      await Promise.all(
        ["node.ts", "node_files.ts", "node_root.ts", "kind_files.ts", "system_images.ts"]
          .map((name) => Deno.readTextFile(new URL(name, import.meta.url))),
      ),
    ),
  });
}

async function build(
  name: string,
  docker: Docker,
  progress: Progress,
  cache: Cache,
): Promise<NodeImage> {
  // Debian's packages come from the network while the compiler uses the processors.
  const [root, paths] = await Promise.all([
    ensureNodeRoot(progress, cache),
    ensureTools(programs, progress, cache),
  ]);
  return await progress.step("build the node image", 45, async (step) => {
    const scratch = await Deno.makeTempDir({ dir: cache.root, prefix: "node-image." });
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
    } finally {
      await Deno.remove(scratch, { recursive: true });
    }
    step.way("built from Debian packages and Go modules");
    return { name, built: true };
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
