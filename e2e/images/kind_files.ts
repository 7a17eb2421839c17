// The parts of kind's own node image that are plain files: its entry point, systemd units,
// containerd configuration and the manifest of its volume provisioner. They are read from kind's
// module in Go's module cache, in the version that e2e/tools pins, so none of them is copied here.

import { run } from "../harness/command.ts";
import { ensureGo } from "../harness/go.ts";
import type { Step } from "../harness/progress.ts";
import { graphFiles, toolchainOf } from "../harness/toolchain.ts";
import { goTools } from "../harness/tools.ts";
import { directory, file, type TarEntry } from "./tar.ts";

/** What kind's module says about node images. */
export interface KindFiles {
  /** The files of the base image. */
  readonly entries: readonly TarEntry[];
  /** containerd's configuration, for changes. */
  readonly containerdConfig: string;
  /** The volume provisioner's manifest, with its images filled in. */
  readonly storage: StorageManifest;
}

/** The manifest, and the images that it names. */
export interface StorageManifest {
  readonly manifest: string;
  readonly provisioner: string;
  readonly helper: string;
}

/** Reads the files from kind's module, which is downloaded if need be. */
export async function kindFiles(step: Step): Promise<KindFiles> {
  const root = await moduleDirectory(step);
  const base = `${root}/images/base/files`;
  const entries: TarEntry[] = [];
  for (const top of ["etc", "kind", "usr"]) await collect(base, top, entries);
  return {
    entries,
    containerdConfig: await Deno.readTextFile(`${base}/etc/containerd/config.toml`),
    storage: storageManifest(
      await Deno.readTextFile(`${root}/pkg/build/nodeimage/const_storage.go`),
    ),
  };
}

/** Finds the manifest in the Go source that defines it as constants. */
export function storageManifest(source: string): StorageManifest {
  const constant = (name: string): string => {
    const value = new RegExp(`const ${name} = "([^"]+)"`).exec(source)?.[1];
    if (value === undefined) throw new Error(`kind's const_storage.go has no ${name}`);
    return value;
  };
  const provisioner = constant("storageProvisionerImage");
  const helper = constant("storageHelperImage");
  const raw = /const defaultStorageManifest = `([\s\S]*)`\s*$/.exec(source)?.[1];
  if (raw === undefined) throw new Error("kind's const_storage.go has no defaultStorageManifest");
  const manifest = raw
    .replace(/` \+ storageProvisionerImage \+ `/g, provisioner)
    .replace(/` \+ storageHelperImage \+ `/g, helper);
  if (manifest.includes("`")) {
    throw new Error("kind's storage manifest is put together in a new way");
  }
  return { manifest, provisioner, helper };
}

async function moduleDirectory(step: Step): Promise<string> {
  const { directory: graph, mod } = await graphFiles("kubernetes");
  const output = await run(await ensureGo(step), ["mod", "download", "-json", "sigs.k8s.io/kind"], {
    cwd: graph,
    env: { ...goTools.env, GOTOOLCHAIN: toolchainOf(mod) },
  });
  const description: unknown = JSON.parse(output);
  if (
    typeof description !== "object" || description === null || !("Dir" in description) ||
    typeof description.Dir !== "string"
  ) throw new Error("go mod download gave no directory for kind's module");
  return description.Dir;
}

// Programs are 0755 and all else is 0644, as kind's Dockerfile has it; the module cache itself is
// read-only.
async function collect(base: string, path: string, entries: TarEntry[]): Promise<void> {
  entries.push(directory(path));
  const children = [];
  for await (const child of Deno.readDir(`${base}/${path}`)) children.push(child);
  for (const child of children.sort((a, b) => a.name < b.name ? -1 : 1)) {
    const childPath = `${path}/${child.name}`;
    if (child.isDirectory) await collect(base, childPath, entries);
    else {
      const program = path === "usr/local/bin" || path === "kind/bin";
      entries.push(file(childPath, `${base}/${childPath}`, program ? 0o755 : 0o644));
    }
  }
}
