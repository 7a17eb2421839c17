// Programs from Debian's packages as an image layer, without a Debian around them: the packages
// and what they depend on are downloaded by apt with settings, lists and a status of its own, as if
// nothing were installed, and unpacked. Nothing is installed on this machine, no script of a
// package runs, and nobody has to be root. The suite is one whatever this machine runs.

import { CommandError, run } from "../harness/command.ts";
import { isDebian, packageMirror } from "../harness/debian.ts";
import { existingLayer, type Layer } from "./archive.ts";

const suite = "bookworm";
const keyring = "/usr/share/keyrings/debian-archive-keyring.gpg";

// What only people read.
const unread = ["doc", "man", "locale", "lintian", "bug", "info", "perl5", "zoneinfo"]
  .map((name) => `./usr/share/${name}`);

/** Which packages; their names and everything that decides the layer go into a cache key. */
export interface DebianPackages {
  readonly packages: readonly string[];
  /** Packages that the others depend on and these programs do without. */
  readonly without: readonly string[];
  /** Paths that are left out, relative to the root, such as `./usr/bin/x`; `*` is any text. */
  readonly exclude: readonly string[];
}

/** Text for a cache key. */
export function describePackages(wanted: DebianPackages): string {
  return JSON.stringify([suite, wanted, unread]);
}

/** Writes the layer into `directory`; what is needed in between is removed again. */
export async function debianLayer(
  directory: string,
  wanted: DebianPackages,
  detail: (line: string) => void,
): Promise<Layer> {
  if (!await isDebian()) {
    throw new Error(
      "this image is built from Debian's packages: use Debian, or give Docker access to a registry",
    );
  }
  const work = `${directory}/apt`;
  try {
    await download(work, wanted.packages, detail);
    const root = `${work}/root`;
    await Deno.mkdir(root);
    detail("unpacking");
    for (const archive of await archives(`${work}/cache/archives`, wanted.without)) {
      await run("dpkg-deb", ["--extract", archive, root]);
    }
    const layer = `${directory}/packages.tar`;
    await run("tar", [
      "--create",
      `--file=${layer}`,
      `--directory=${root}`,
      "--owner=0",
      "--group=0",
      "--numeric-owner",
      "--sort=name",
      "--mtime=@0",
      ...[...unread, ...wanted.exclude].map((path) => `--exclude=${path}`),
      ".",
    ]);
    return await existingLayer(layer);
  } finally {
    await run("rm", ["-rf", work]);
  }
}

async function download(
  work: string,
  packages: readonly string[],
  detail: (line: string) => void,
): Promise<void> {
  for (const path of ["state/lists/partial", "cache/archives/partial"]) {
    await Deno.mkdir(`${work}/${path}`, { recursive: true });
  }
  const mirror = await packageMirror() ?? "http://deb.debian.org/debian";
  await Deno.writeTextFile(
    `${work}/sources.list`,
    `deb [signed-by=${keyring}] ${mirror} ${suite} main\n`,
  );
  await Deno.writeTextFile(`${work}/apt.conf`, aptSettings(work));
  const options = { env: { APT_CONFIG: `${work}/apt.conf` }, onLine: detail };
  try {
    await run("apt-get", ["update", "--quiet"], options);
    await run("apt-get", [
      "install",
      "--download-only",
      "--no-install-recommends",
      "--yes",
      "--quiet",
      ...packages,
    ], options);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    throw new Error(`packages of Debian ${suite} could not be downloaded. ${error.message}`);
  }
}

// Proxies and the like stay as this machine has them.
function aptSettings(work: string): string {
  return `Dir::State "${work}/state";
Dir::State::status "/dev/null";
Dir::Cache "${work}/cache";
Dir::Etc::SourceList "${work}/sources.list";
Dir::Etc::SourceParts "/dev/null";
Dir::Etc::Preferences "/dev/null";
Dir::Etc::PreferencesParts "/dev/null";
APT::Sandbox::User "";
Acquire::Languages "none";
`;
}

/** The downloaded packages but those that are not wanted, always in the same order. */
async function archives(directory: string, without: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for await (const { name } of Deno.readDir(directory)) {
    if (name.endsWith(".deb") && !without.includes(packageOf(name))) found.push(name);
  }
  return found.sort().map((name) => `${directory}/${name}`);
}

/** The package's name in that of its file, `NAME_VERSION_ARCHITECTURE.deb`. */
export function packageOf(file: string): string {
  return file.replace(/_.*$/, "");
}
