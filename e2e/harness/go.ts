// The Go command. Any release since 1.21 will do: it fetches the release that a go.mod names.

import { which } from "./command.ts";
import { CommandError, run } from "./command.ts";
import { canInstall, installPackages } from "./debian.ts";
import type { Step } from "./progress.ts";

const remedy = "install Go 1.21 or newer (https://go.dev/doc/install), then run this again";

/** The path of a `go` that can fetch other Go releases; installed where Debian has a new one. */
export async function ensureGo(step: Step): Promise<string> {
  const found = await findGo();
  if (found !== undefined) return found;
  if (!await canInstall() || !isEnough(await candidate())) {
    throw new Error(`the test tools are compiled from Go modules, but there is no Go: ${remedy}`);
  }
  step.detail("installing Go from Debian's packages");
  await installPackages(["golang-go", "ca-certificates"], step.detail);
  const installed = await findGo();
  if (installed === undefined) {
    throw new Error(`Debian's golang-go brought no usable Go: ${remedy}`);
  }
  return installed;
}

/** True for the text of `go version` or of a package version that is 1.21 or newer. */
export function isEnough(version: string): boolean {
  const [, major, minor] = /(\d+)\.(\d+)/.exec(version) ?? [];
  if (major === undefined || minor === undefined) return false;
  return Number(major) > 1 || (Number(major) === 1 && Number(minor) >= 21);
}

async function findGo(): Promise<string | undefined> {
  for (const path of [await which("go"), "/usr/local/go/bin/go", "/usr/lib/go/bin/go"]) {
    if (path === undefined) continue;
    try {
      if (isEnough(await run(path, ["version"], { env: { GOTOOLCHAIN: "local" } }))) return path;
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
    }
  }
  return undefined;
}

/** The version of Go that `apt-get install` would bring. */
async function candidate(): Promise<string> {
  await run("apt-get", ["update", "--quiet"]);
  const policy = await run("apt-cache", ["policy", "golang-go"]);
  return /Candidate: (?:\d+:)?(\S+)/.exec(policy)?.[1] ?? "";
}
