import assert from "node:assert/strict";
import { isDebianRelease } from "./debian.ts";
import { isEnough } from "./go.ts";
import { batches, graphFiles, toolchainOf, toolKey } from "./toolchain.ts";
import {
  dittofsVersion,
  kubernetesVersion,
  type ToolName,
  tools,
  versitygwVersion,
} from "./tools.ts";

const files = { mod: "module x", sum: "sum", sources: { "pause/main.go": "package main" } };

Deno.test("toolKey changes with go.mod, go.sum and the program, and is otherwise stable", () => {
  const key = toolKey("kind", files);
  assert.equal(toolKey("kind", { ...files }), key);
  assert.notEqual(toolKey("kind", { ...files, mod: "module y" }), key);
  assert.notEqual(toolKey("kind", { ...files, sum: "other" }), key);
  assert.notEqual(toolKey("etcd", files), key);
});

Deno.test("toolKey counts our own sources only for the program made of them", () => {
  const changed = { ...files, sources: { "pause/main.go": "package changed" } };
  assert.notEqual(toolKey("pause", changed), toolKey("pause", files));
  assert.equal(toolKey("kind", changed), toolKey("kind", files));
});

Deno.test("batches put programs of one repository together and leave others alone", () => {
  const names: ToolName[] = ["kubelet", "etcd", "kubectl", "dfs", "dfsctl"];
  assert.deepEqual(batches(names), [["kubelet", "kubectl"], ["etcd"], ["dfs", "dfsctl"]]);
});

Deno.test("toolchainOf reads the Go release and refuses a file without one", () => {
  assert.equal(toolchainOf("module x\n\ngo 1.25.0\n\ntoolchain go1.25.8\n"), "go1.25.8");
  assert.throws(() => toolchainOf("module x\n\ngo 1.25.0\n"), /no toolchain line/);
});

Deno.test("tools says the versions that the module graphs pin", async () => {
  const kubernetes = (await graphFiles("kubernetes")).mod;
  const dittofs = (await graphFiles("dittofs")).mod;
  const s3 = (await graphFiles("s3")).mod;
  const pinned = (mod: string, path: string) => new RegExp(`\\s${path} (v\\S+)`).exec(mod)?.[1];
  assert.equal(pinned(kubernetes, "k8s.io/kubernetes"), kubernetesVersion);
  assert.equal(pinned(dittofs, "github.com/marmos91/dittofs"), dittofsVersion);
  assert.equal(pinned(s3, "github.com/versity/versitygw"), versitygwVersion);
  for (
    const [name, path] of [["kind", "sigs.k8s.io/kind"], [
      "chainsaw",
      "github.com/kyverno/chainsaw",
    ]] as const
  ) {
    const version = pinned(kubernetes, path) ?? "";
    assert.match(`${name} ${version}`, tools[name].onPath?.answer ?? /no probe/);
  }
});

Deno.test("isEnough takes Go releases that can fetch others, from 1.21 on", () => {
  assert.deepEqual(
    ["go version go1.26.8 linux/amd64", "2:1.21~0", "go version go1.19.8 linux/amd64", "(none)"]
      .map(isEnough),
    [true, true, false, false],
  );
});

Deno.test("isDebianRelease knows Debian and what is made from it", () => {
  assert.equal(isDebianRelease('NAME="Debian GNU/Linux"\nID=debian\n'), true);
  assert.equal(isDebianRelease('ID=linuxmint\nID_LIKE="ubuntu debian"\n'), true);
  assert.equal(isDebianRelease('ID=fedora\nHOME_URL="https://debian.example"\n'), false);
});
