// Writes tar archives (ustar), for image layers. Own code because a layer's files need owners,
// modes and times that we choose, without being root and the same on every machine: the same
// inputs give the same bytes, so an image's identity says what is in it.

import { open } from "node:fs/promises";

/** One thing in an archive; owners are numbers, 0 unless told. */
export interface TarEntry {
  /** Relative, without a slash at either end. */
  readonly path: string;
  readonly mode: number;
  readonly owner?: number;
  readonly what:
    | { readonly type: "directory" }
    | { readonly type: "link"; readonly target: string }
    | { readonly type: "bytes"; readonly bytes: Uint8Array }
    | { readonly type: "file"; readonly from: string };
}

/** A directory. */
export function directory(path: string, mode = 0o755, owner = 0): TarEntry {
  return { path, mode, owner, what: { type: "directory" } };
}

/** A text file. */
export function text(path: string, content: string, mode = 0o644, owner = 0): TarEntry {
  return { path, mode, owner, what: { type: "bytes", bytes: new TextEncoder().encode(content) } };
}

/** A copy of a file of this machine. */
export function file(path: string, from: string, mode = 0o755, owner = 0): TarEntry {
  return { path, mode, owner, what: { type: "file", from } };
}

/** A symbolic link. */
export function link(path: string, target: string): TarEntry {
  return { path, mode: 0o777, what: { type: "link", target } };
}

const block = 512;

/** The archive's bytes, in order. */
export async function* tarBytes(entries: Iterable<TarEntry>): AsyncGenerator<Uint8Array> {
  for (const entry of entries) {
    const { what } = entry;
    if (what.type === "file") {
      const { size } = await Deno.stat(what.from);
      yield header(entry, size);
      yield* fileBytes(what.from, size);
      yield padding(size);
    } else {
      const bytes = what.type === "bytes" ? what.bytes : new Uint8Array();
      yield header(entry, bytes.length);
      yield bytes;
      yield padding(bytes.length);
    }
  }
  yield new Uint8Array(2 * block);
}

/** The header block of an entry with `size` bytes of content. */
export function header(entry: TarEntry, size: number): Uint8Array {
  const { type } = entry.what;
  const bytes = new Uint8Array(block);
  const put = (at: number, value: string) => bytes.set(new TextEncoder().encode(value), at);
  const number = (at: number, digits: number, value: number) =>
    put(at, value.toString(8).padStart(digits, "0"));
  const [prefix, name] = splitPath(type === "directory" ? `${entry.path}/` : entry.path);
  put(0, name);
  number(100, 7, entry.mode);
  number(108, 7, entry.owner ?? 0);
  number(116, 7, entry.owner ?? 0);
  number(124, 11, size);
  number(136, 11, 0);
  put(148, " ".repeat(8));
  put(156, type === "directory" ? "5" : type === "link" ? "2" : "0");
  if (entry.what.type === "link") put(157, entry.what.target);
  put(257, "ustar\x0000");
  put(345, prefix);
  const checksum = bytes.reduce((sum, byte) => sum + byte, 0);
  put(148, `${checksum.toString(8).padStart(6, "0")}\0 `);
  return bytes;
}

/** A path longer than 100 bytes is cut at a slash: up to 155 bytes of directory go elsewhere. */
function splitPath(path: string): readonly [prefix: string, name: string] {
  if (path.length <= 100) return ["", path];
  const cut = path.indexOf("/", path.length - 101);
  if (cut < 0 || cut > 155 || cut === path.length - 1) {
    throw new Error(`this path is too long for a tar archive: ${path}`);
  }
  return [path.slice(0, cut), path.slice(cut + 1)];
}

async function* fileBytes(path: string, size: number): AsyncGenerator<Uint8Array> {
  const handle = await open(path);
  let rest = size;
  try {
    while (rest > 0) {
      const buffer = new Uint8Array(Math.min(rest, 1 << 20));
      const { bytesRead } = await handle.read(buffer);
      if (bytesRead === 0) throw new Error(`${path} became shorter while it was read`);
      rest -= bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}

function padding(size: number): Uint8Array {
  return new Uint8Array((block - size % block) % block);
}
