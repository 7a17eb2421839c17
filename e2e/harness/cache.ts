// What was built once is not built again. An entry lies under a key made of everything it is
// built from, so an entry that exists is right, and a change of any input is another entry.
//
//  - An entry appears whole or not at all: it is built in a directory beside and renamed.
//  - Two runs never build the same thing twice: the second waits at a file lock. The kernel drops
//    the lock of a process that dies, so there is no stale lock to clean up.
//  - A process that uses an entry holds a shared lock on it until it ends; trimming takes the
//    exclusive one and leaves entries alone whose lock it does not get. Lock files stay: removing
//    one would leave a waiting process with a lock that nobody else sees.

import { createHash } from "node:crypto";

const day = 24 * 60 * 60 * 1000;
const scratchKind = "scratch";

/** The directory for everything that is made outside the checkout. */
export function cacheRoot(env: (name: string) => string | undefined = Deno.env.get): string {
  const base = env("XDG_CACHE_HOME") || (env("HOME") ? `${env("HOME")}/.cache` : undefined);
  if (base === undefined) {
    throw new Error("neither XDG_CACHE_HOME nor HOME is set; set one of them");
  }
  return `${base}/dittofs-operator`;
}

/**
 * A key made of everything that a thing is built from. Names and lengths are part of it, so that
 * no two different sets of inputs run together into the same bytes.
 */
export function cacheKey(inputs: Readonly<Record<string, string | Uint8Array>>): string {
  const hash = createHash("sha256");
  for (const [name, value] of Object.entries(inputs).sort(([a], [b]) => a < b ? -1 : 1)) {
    const bytes = typeof value === "string" ? new TextEncoder().encode(value) : value;
    hash.update(`${name.length} ${name} ${bytes.length} `).update(bytes);
  }
  return hash.digest("hex").slice(0, 20);
}

/** An entry, and whether it was there before. */
export interface CacheEntry {
  readonly path: string;
  readonly found: boolean;
}

/** Entries of several kinds, each kind a directory of keys. */
export class Cache {
  private readonly held: Deno.FsFile[] = [];
  private readonly kinds = new Set<string>();

  constructor(readonly root: string = cacheRoot()) {}

  /** The entry if it is there; it is then in use until this process ends. */
  async find(kind: string, key: string): Promise<CacheEntry | undefined> {
    const lock = await this.openLock(kind, key);
    await lock.lock(false);
    if (await exists(this.path(kind, key))) return await this.use(kind, key, lock, true);
    lock.close();
    return undefined;
  }

  /**
   * The entry, built by `build` in an empty directory when it is not there. An error of `build`
   * leaves nothing behind.
   */
  async ensure(
    kind: string,
    key: string,
    build: (directory: string) => Promise<void>,
  ): Promise<CacheEntry> {
    const found = await this.find(kind, key);
    if (found !== undefined) return found;
    // Building has a lock of its own: users keep theirs for as long as they live, and a second
    // builder that waited for them would wait as long.
    using building = await this.openLock(kind, `${key}.build`);
    await building.lock(true);
    const lock = await this.openLock(kind, key);
    try {
      await lock.lock(false);
      const path = this.path(kind, key);
      const present = await exists(path);
      if (!present) await publish(path, build);
      return await this.use(kind, key, lock, present);
    } catch (error) {
      lock.close();
      throw error;
    }
  }

  /** A new empty directory for work in between; the caller removes it, `trim` what was left. */
  async scratch(prefix: string): Promise<string> {
    await Deno.mkdir(`${this.root}/${scratchKind}`, { recursive: true });
    return await Deno.makeTempDir({ dir: `${this.root}/${scratchKind}`, prefix: `${prefix}.` });
  }

  /** Runs `work` while no other process runs work under this name; `onWait` if one does now. */
  async exclusively<T>(name: string, work: () => Promise<T>, onWait?: () => void): Promise<T> {
    using lock = await this.openLock("locks", name);
    if (!await lock.tryLock(true)) {
      onWait?.();
      await lock.lock(true);
    }
    return await work();
  }

  /**
   * Removes what was not used in the last `days` days and is not in use by this run or another.
   * Kinds that this run did not touch are left alone: they may belong to another checkout.
   */
  async trim(days = 14, now = Date.now()): Promise<readonly string[]> {
    const removed = await this.trimScratch(now);
    for (const kind of this.kinds) {
      for await (const entry of Deno.readDir(`${this.root}/${kind}`)) {
        const key = entry.name;
        if (!entry.isDirectory) continue;
        using lock = await this.openLock(kind, key);
        if (!await lock.tryLock(true)) continue;
        const { mtime } = await lock.stat();
        if (mtime !== null && now - mtime.getTime() < days * day) continue;
        await Deno.remove(this.path(kind, key), { recursive: true });
        removed.push(`${kind}/${key}`);
      }
    }
    return removed;
  }

  // An interrupted run leaves its directory; none that still runs is a day old.
  private async trimScratch(now: number): Promise<string[]> {
    const removed: string[] = [];
    if (!await exists(`${this.root}/${scratchKind}`)) return removed;
    for await (const { name } of Deno.readDir(`${this.root}/${scratchKind}`)) {
      const path = `${this.root}/${scratchKind}/${name}`;
      const { mtime } = await Deno.stat(path);
      if (mtime !== null && now - mtime.getTime() < day) continue;
      await removeIfPresent(path);
      removed.push(`${scratchKind}/${name}`);
    }
    return removed;
  }

  /** Gives up the shared locks; entries may be trimmed from then on. */
  [Symbol.dispose](): void {
    for (const lock of this.held.splice(0)) lock.close();
  }

  private path(kind: string, key: string): string {
    return `${this.root}/${kind}/${key}`;
  }

  private lockPath(kind: string, key: string): string {
    return `${this.root}/${kind}/${key}.lock`;
  }

  private async openLock(kind: string, key: string): Promise<Deno.FsFile> {
    await Deno.mkdir(`${this.root}/${kind}`, { recursive: true });
    return await Deno.open(this.lockPath(kind, key), { read: true, write: true, create: true });
  }

  /** The lock file's time says when the entry was last used. */
  private async use(
    kind: string,
    key: string,
    lock: Deno.FsFile,
    found: boolean,
  ): Promise<CacheEntry> {
    await lock.utime(new Date(), new Date());
    this.held.push(lock);
    this.kinds.add(kind);
    return { path: this.path(kind, key), found };
  }
}

async function publish(path: string, build: (directory: string) => Promise<void>): Promise<void> {
  const unfinished = `${path}.unfinished`;
  await removeIfPresent(unfinished);
  await Deno.mkdir(unfinished);
  try {
    await build(unfinished);
    await Deno.rename(unfinished, path);
  } catch (error) {
    await removeIfPresent(unfinished);
    throw error;
  }
}

/** Removes a file or a directory with all that is in it, if it is there. */
export async function removeIfPresent(path: string): Promise<void> {
  try {
    await Deno.remove(path, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** True when something lies at the path. */
export async function exists(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
