// The file system that a built kind node stands on: a small Debian with systemd, containerd and
// the tools that kubelet and kube-proxy call. debootstrap makes it; it needs root on Debian and
// one to three minutes, which fit beside the compilations.

import { type Cache, type CacheEntry, cacheKey } from "../harness/cache.ts";
import { CommandError, run, which } from "../harness/command.ts";
import { canInstall, installPackages, packageMirror } from "../harness/debian.ts";
import { unmountBelow } from "../harness/mounts.ts";
import type { Progress } from "../harness/progress.ts";
import { proxyFiles, proxyPackages } from "./proxy_files.ts";

const suite = "bookworm";

const packages = [
  "systemd",
  "systemd-sysv",
  "containerd",
  "runc",
  "containernetworking-plugins",
  "iptables",
  "nftables",
  "iproute2",
  "ethtool",
  "conntrack",
  "kmod",
  "e2fsprogs",
  "jq",
  "procps",
  "socat",
  "curl",
  "ca-certificates",
];

// Services of a whole machine that have no place in a container; kind's own base image takes the
// same ones out.
const unwanted = [
  "lib/systemd/system/sysinit.target.wants/systemd-tmpfiles-setup.service",
  "lib/systemd/system/multi-user.target.wants/*",
  "etc/systemd/system/*.wants/*",
  "lib/systemd/system/local-fs.target.wants/*",
  "lib/systemd/system/sockets.target.wants/*udev*",
  "lib/systemd/system/sockets.target.wants/*initctl*",
  "lib/systemd/system/basic.target.wants/*",
  "var/cache/apt/*",
  "var/lib/apt/lists/*",
  "usr/share/doc/*",
  "usr/share/man/*",
  "usr/share/locale/*",
];

/** Paths of the three files that later steps need. */
export interface NodeRoot {
  /** The whole file system. */
  readonly root: string;
  /** The part of it that kube-proxy's image needs. */
  readonly proxy: string;
  /** What `ctr oci spec` printed: containerd's default for a container. */
  readonly spec: string;
  /** Says what the files were made from. */
  readonly key: string;
}

/** Makes the file system or finds it in the cache. */
export async function ensureNodeRoot(progress: Progress, cache: Cache): Promise<NodeRoot> {
  const key = cacheKey({
    suite,
    packages: JSON.stringify([packages, proxyPackages, unwanted]),
    arch: Deno.build.arch,
  });
  const made = (path: string): NodeRoot => ({
    root: `${path}/root.tar`,
    proxy: `${path}/proxy.tar`,
    spec: `${path}/spec.json`,
    key,
  });
  const found = await cache.find("node-root", key);
  if (found !== undefined) return made(found.path);
  return await progress.step("Debian root for the node", 80, async (step) => {
    if (!await canInstall()) {
      throw new Error(
        "no kind node image can be pulled, and building one needs root on Debian: " +
          "give Docker access to a registry that has kindest/node",
      );
    }
    if (await which("debootstrap") === undefined) {
      step.detail("installing debootstrap");
      await installPackages(["debootstrap"], step.detail);
    }
    const entry = await cache.exclusively("node-root", () => make(key, cache, step.detail));
    step.way(entry.found ? "another run has made it meanwhile" : "made by debootstrap");
    return made(entry.path);
  });
}

async function make(
  key: string,
  cache: Cache,
  detail: (line: string) => void,
): Promise<CacheEntry> {
  // One that was killed has left /proc mounted in what it was making.
  await unmountBelow(`${cache.root}/node-root`);
  return await cache.ensure("node-root", key, async (directory) => {
    const root = `${directory}/root`;
    await bootstrap(root, detail);
    const spec = await run("chroot", [root, "ctr", "oci", "spec"]);
    await Deno.writeTextFile(`${directory}/spec.json`, spec);
    await run("sh", ["-c", `cd "$1" && rm -rf ${unwanted.join(" ")}`, "sh", root]);
    detail("packing");
    await run("tar", ["--create", "--file", `${directory}/root.tar`, "--directory", root, "."]);
    await Deno.writeTextFile(`${directory}/proxy.list`, (await proxyFiles(root)).join("\n"));
    await run("tar", [
      "--create",
      "--file",
      `${directory}/proxy.tar`,
      "--directory",
      root,
      "--no-recursion",
      "--files-from",
      `${directory}/proxy.list`,
    ]);
    await run("rm", ["-rf", root]);
  });
}

async function bootstrap(root: string, detail: (line: string) => void): Promise<void> {
  const mirror = await packageMirror();
  try {
    await run("debootstrap", [
      "--variant=minbase",
      `--include=${packages.join(",")}`,
      suite,
      root,
      ...(mirror ? [mirror] : []),
    ], { onLine: (line) => detail(line.replace(/^I: /, "")) });
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    throw new Error(
      `debootstrap could not make a Debian ${suite} from ${
        mirror ?? "its own mirror"
      }. ${error.message}`,
    );
  }
}
