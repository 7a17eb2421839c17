// Container images without a container engine: layers and a configuration put into one archive in
// the form of `docker save`, which `docker load`, `ctr images import` and kind all read.

import { createHash } from "node:crypto";

import { file, tarBytes, type TarEntry, text } from "./tar.ts";

/** A layer that lies in a file. */
export interface Layer {
  readonly file: string;
  /** SHA-256 of the file, in hexadecimal. */
  readonly digest: string;
}

/** The part of an image's configuration that says how it runs; names as in the OCI format. */
export interface ImageConfig {
  readonly Entrypoint?: readonly string[];
  readonly Cmd?: readonly string[];
  readonly Env?: readonly string[];
  readonly User?: string;
  readonly WorkingDir?: string;
  readonly StopSignal?: string;
  readonly Volumes?: Readonly<Record<string, Readonly<Record<string, never>>>>;
}

/** An image: its names, what it consists of and how it runs. */
export interface Image {
  readonly names: readonly string[];
  readonly layers: readonly Layer[];
  readonly config: ImageConfig;
}

/** Go's word for the processor of this machine, which images use as well. */
export const architecture = Deno.build.arch === "aarch64" ? "arm64" : "amd64";

/** Writes a layer and tells its digest. Of two entries with one path the later one counts. */
export async function writeLayer(path: string, entries: readonly TarEntry[]): Promise<Layer> {
  const byPath = new Map(entries.map((entry) => [entry.path, entry]));
  return { file: path, digest: await writeTar(path, byPath.values()) };
}

/** A layer from a tar archive that another program wrote. */
export async function existingLayer(path: string): Promise<Layer> {
  const hash = createHash("sha256");
  using source = await Deno.open(path);
  for await (const chunk of source.readable) hash.update(chunk);
  return { file: path, digest: hash.digest("hex") };
}

/** Writes several images into one archive. */
export async function writeArchive(path: string, images: readonly Image[]): Promise<void> {
  const entries = new Map<string, TarEntry>();
  const manifest = images.map((image) => {
    const config = imageConfig(image);
    const configName = `${createHash("sha256").update(config).digest("hex")}.json`;
    entries.set(configName, text(configName, config));
    const layers = image.layers.map((layer) => {
      const name = `${layer.digest}.tar`;
      entries.set(name, file(name, layer.file, 0o644));
      return name;
    });
    return { Config: configName, RepoTags: image.names, Layers: layers };
  });
  await writeTar(path, [...entries.values(), text("manifest.json", JSON.stringify(manifest))]);
}

/** The image's configuration file, whose digest is the image's id. */
export function imageConfig(image: Image): string {
  return JSON.stringify({
    created: "1970-01-01T00:00:00Z",
    architecture,
    os: "linux",
    config: image.config,
    rootfs: { type: "layers", diff_ids: image.layers.map(({ digest }) => `sha256:${digest}`) },
    history: image.layers.map(() => ({ created: "1970-01-01T00:00:00Z" })),
  });
}

async function writeTar(path: string, entries: Iterable<TarEntry>): Promise<string> {
  const hash = createHash("sha256");
  using target = await Deno.create(path);
  for await (const bytes of tarBytes(entries)) {
    hash.update(bytes);
    for (let written = 0; written < bytes.length;) {
      written += await target.write(bytes.subarray(written));
    }
  }
  return hash.digest("hex");
}
