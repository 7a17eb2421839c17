import assert from "node:assert/strict";
import { imageConfig, writeArchive, writeLayer } from "./archive.ts";
import { directory, file, header, link, tarBytes, type TarEntry, text } from "./tar.ts";

async function bytesOf(entries: readonly TarEntry[]): Promise<Uint8Array> {
  const chunks = await Array.fromAsync(tarBytes(entries));
  return new Uint8Array(await new Blob(chunks.map((chunk) => new Uint8Array(chunk))).arrayBuffer());
}

async function listed(archive: string): Promise<string[]> {
  const script = 'tar --list --verbose --numeric-owner --file "$1"';
  const { stdout, success } = await new Deno.Command("/bin/sh", {
    args: ["-c", script, "sh", archive],
    env: { TZ: "UTC" },
  }).output();
  assert.ok(success);
  return new TextDecoder().decode(stdout).trim().split("\n").map((line) =>
    line.replace(/ +/g, " ")
  );
}

async function inDirectory(body: (path: string) => Promise<void>): Promise<void> {
  const path = await Deno.makeTempDir({ prefix: "tar-test-" });
  try {
    await body(path);
  } finally {
    await Deno.remove(path, { recursive: true });
  }
}

Deno.test("tarBytes makes an archive that tar reads, with our modes, owners and links", async () => {
  await inDirectory(async (path) => {
    await Deno.writeTextFile(`${path}/program`, "x".repeat(1000));
    const entries = [
      directory("tmp", 0o1777),
      file("app/dfs", `${path}/program`, 0o755, 65532),
      text("etc/passwd", "root\n"),
      link("bin/sh", "busybox"),
    ];
    await Deno.writeFile(`${path}/x.tar`, await bytesOf(entries));
    assert.deepEqual(await listed(`${path}/x.tar`), [
      "drwxrwxrwt 0/0 0 1970-01-01 00:00 tmp/",
      "-rwxr-xr-x 65532/65532 1000 1970-01-01 00:00 app/dfs",
      "-rw-r--r-- 0/0 5 1970-01-01 00:00 etc/passwd",
      "lrwxrwxrwx 0/0 0 1970-01-01 00:00 bin/sh -> busybox",
    ]);
  });
});

Deno.test("tarBytes keeps a long path whole", async () => {
  await inDirectory(async (path) => {
    const long = `${"d".repeat(90)}/${"e".repeat(90)}`;
    await Deno.writeFile(`${path}/x.tar`, await bytesOf([text(long, "")]));
    assert.equal((await listed(`${path}/x.tar`))[0]?.endsWith(` ${long}`), true);
  });
});

Deno.test("header refuses a path that does not fit", () => {
  assert.throws(() => header(text("x".repeat(101), ""), 0), /too long/);
});

Deno.test("writeLayer writes the later of two entries with one path, and the same bytes each time", async () => {
  await inDirectory(async (path) => {
    const entries = [text("etc/config", "first"), text("etc/config", "the second")];
    const one = await writeLayer(`${path}/1.tar`, entries);
    const two = await writeLayer(`${path}/2.tar`, entries);
    assert.equal(one.digest, two.digest);
    assert.deepEqual(await listed(one.file), ["-rw-r--r-- 0/0 10 1970-01-01 00:00 etc/config"]);
  });
});

Deno.test("writeArchive shares a layer between images and names each image's configuration", async () => {
  await inDirectory(async (path) => {
    const layer = await writeLayer(`${path}/layer.tar`, [text("a", "a")]);
    const image = (name: string) => ({ names: [name], layers: [layer], config: { Cmd: [name] } });
    await writeArchive(`${path}/images.tar`, [image("x:1"), image("y:1")]);
    const names = (await listed(`${path}/images.tar`)).map((line) => line.split(" ").at(-1) ?? "");
    assert.equal(names.filter((name) => name === `${layer.digest}.tar`).length, 1);
    assert.equal(names.filter((name) => name.endsWith(".json")).length, 3);
  });
});

Deno.test("imageConfig names the layers in order", () => {
  const layers = ["b", "a"].map((digest) => ({ file: "", digest }));
  const config = JSON.parse(imageConfig({ names: [], layers, config: { User: "1" } }));
  assert.deepEqual(config.rootfs.diff_ids, ["sha256:b", "sha256:a"]);
  assert.deepEqual(config.config, { User: "1" });
});
