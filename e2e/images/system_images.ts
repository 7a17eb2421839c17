// The images of the cluster's own pods, each an otherwise empty image around one static program.
// They carry the names that kubeadm and kind's manifests ask for, so neither needs to be told.

import type { Cache } from "../harness/cache.ts";
import { run } from "../harness/command.ts";
import type { ToolName } from "../harness/tools.ts";
import { kubernetesVersion } from "../harness/tools.ts";
import { existingLayer, type Image, type Layer, writeArchive, writeLayer } from "./archive.ts";
import { busyboxEntries } from "./busybox.ts";
import { commonEntries, path } from "./common.ts";
import type { StorageManifest } from "./kind_files.ts";
import { directory, file } from "./tar.ts";

/** Programs that run in pods of the cluster itself. */
export const systemPrograms = [
  "coredns",
  "etcd",
  "kube-apiserver",
  "kube-controller-manager",
  "kube-proxy",
  "kube-scheduler",
  "local-path-provisioner",
  "pause",
] as const satisfies readonly ToolName[];

type Programs = Readonly<Record<typeof systemPrograms[number], string>>;

/** What the archive is made from. */
export interface SystemImageSources {
  readonly programs: Programs;
  /** Prints the names of the images that it will ask for. */
  readonly kubeadm: string;
  readonly storage: StorageManifest;
  /** The image name in containerd's configuration. */
  readonly sandbox: string;
  /** The archive with kube-proxy's iptables. */
  readonly proxy: string;
}

/** Writes all system images into one archive; `scratch` takes the layers meanwhile. */
export async function writeSystemImages(
  target: string,
  scratch: string,
  sources: SystemImageSources,
  cache: Cache,
): Promise<void> {
  const names = byProgram(
    await run(sources.kubeadm, [
      "config",
      "images",
      "list",
      `--kubernetes-version=${kubernetesVersion}`,
    ]),
  );
  names.set("pause", [...new Set([...names.get("pause") ?? [], sources.sandbox])]);
  names.set("local-path-provisioner", [sources.storage.provisioner]);
  const images: Image[] = [];
  for (const program of systemPrograms) {
    const wanted = names.get(program);
    if (wanted === undefined) throw new Error(`kubeadm names no image for ${program}`);
    const layers = program === "kube-proxy" ? [await existingLayer(sources.proxy)] : [];
    images.push({
      names: wanted,
      layers: [...layers, await programLayer(program, sources.programs[program], scratch)],
      config: { Env: [path], Entrypoint: [`/usr/local/bin/${program}`] },
    });
  }
  const helper = await writeLayer(`${scratch}/helper.tar`, [
    ...await commonEntries("/"),
    ...await busyboxEntries(cache),
  ]);
  images.push({ names: [sources.storage.helper], layers: [helper], config: { Env: [path] } });
  await writeArchive(target, images);
}

/** The lines of `kubeadm config images list`, by the last word of the repository. */
export function byProgram(list: string): Map<string, readonly string[]> {
  return new Map(
    list.trim().split("\n").map((name) => {
      const program = /\/([^/:]+):[^/]*$/.exec(name)?.[1];
      if (program === undefined) throw new Error(`kubeadm prints an image without a tag: ${name}`);
      return [program, [name]];
    }),
  );
}

async function programLayer(name: string, program: string, scratch: string): Promise<Layer> {
  return await writeLayer(`${scratch}/${name}.tar`, [
    ...await commonEntries("/"),
    directory("usr"),
    directory("usr/local"),
    directory("usr/local/bin"),
    file(`usr/local/bin/${name}`, program),
  ]);
}
