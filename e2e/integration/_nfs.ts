// As much of an NFS version 3 client as it takes to write a file into a share and to read it back
// as a given user: so tests on loopback need no package and no mount. MOUNT and NFS are on one
// port of the server.

/** Who asks, and for which share. */
export interface NfsMount {
  readonly port: number;
  /** Such as `/export`. */
  readonly share: string;
  readonly uid: number;
  readonly gid: number;
}

/** The server refused; `status` is a number of RFC 1813, such as 13 for "no access". */
export class NfsError extends Error {
  override readonly name = "NfsError";

  constructor(readonly call: string, readonly status: number) {
    super(`${call} is refused with status ${status}`);
  }
}

const MOUNT = { program: 100_005, MNT: 1 } as const;
const NFS = { program: 100_003, LOOKUP: 3, READ: 6, WRITE: 7, CREATE: 8 } as const;
const VERSION = 3;

/** Bytes of one READ or WRITE. */
const CHUNK = 256 * 1024;
/** WRITE answers when the data is safe. */
const FILE_SYNC = 2;
/** Attributes of a file, which nobody here reads. */
const ATTRIBUTES = 84;

/** A mounted share. */
export class Nfs implements Disposable {
  readonly #rpc: Rpc;
  readonly #root: Uint8Array;

  private constructor(rpc: Rpc, root: Uint8Array) {
    this.#rpc = rpc;
    this.#root = root;
  }

  /** Throws {@link NfsError} where the share is not there or not for this client. */
  static async mount({ port, share, uid, gid }: NfsMount): Promise<Nfs> {
    const rpc = await Rpc.connect(port, uid, gid);
    try {
      const answer = await rpc.call("MNT", MOUNT.program, MOUNT.MNT, (say) => say.text(share));
      return new Nfs(rpc, answer.opaque());
    } catch (error) {
      rpc[Symbol.dispose]();
      throw error;
    }
  }

  /** Makes the file or writes over its beginning. */
  async write(name: string, content: Uint8Array): Promise<void> {
    const made = await this.#rpc.call("CREATE", NFS.program, NFS.CREATE, (say) => {
      say.opaque(this.#root).text(name);
      // Not exclusively, with mode 0644, and the rest as the server likes it.
      say.number(0).number(1).number(0o644);
      for (let unset = 0; unset < 5; unset++) say.number(0);
    });
    const file = made.flag() ? made.opaque() : await this.#lookUp(name);
    for (let at = 0; at < content.length; at += CHUNK) {
      const part = content.subarray(at, at + CHUNK);
      await this.#rpc.call("WRITE", NFS.program, NFS.WRITE, (say) => {
        say.opaque(file).long(at).number(part.length).number(FILE_SYNC).opaque(part);
      });
    }
  }

  /** The whole file. */
  async read(name: string): Promise<Uint8Array> {
    const file = await this.#lookUp(name);
    const parts: Uint8Array[] = [];
    for (let at = 0, end = false; !end;) {
      const answer = await this.#rpc.call("READ", NFS.program, NFS.READ, (say) => {
        say.opaque(file).long(at).number(CHUNK);
      });
      answer.attributes();
      at += answer.number();
      end = answer.flag();
      parts.push(answer.opaque());
    }
    return concat(parts);
  }

  [Symbol.dispose](): void {
    this.#rpc[Symbol.dispose]();
  }

  async #lookUp(name: string): Promise<Uint8Array> {
    const answer = await this.#rpc.call("LOOKUP", NFS.program, NFS.LOOKUP, (say) => {
      say.opaque(this.#root).text(name);
    });
    return answer.opaque();
  }
}

/** One call after another over one connection, as one user (AUTH_SYS). */
class Rpc implements Disposable {
  #xid = 0;

  private constructor(
    private readonly connection: Deno.Conn,
    private readonly credentials: Uint8Array,
  ) {}

  static async connect(port: number, uid: number, gid: number): Promise<Rpc> {
    const credentials = new Writer().number(0).text("test").number(uid).number(gid).number(0);
    return new Rpc(await Deno.connect({ hostname: "127.0.0.1", port }), credentials.bytes());
  }

  /** The results behind the status of a successful call. */
  async call(
    name: string,
    program: number,
    procedure: number,
    say: (arguments_: Writer) => void,
  ): Promise<Reader> {
    const [CALL, RPC_VERSION, AUTH_SYS] = [0, 2, 1];
    const message = new Writer().number(++this.#xid).number(CALL).number(RPC_VERSION);
    message.number(program).number(VERSION).number(procedure);
    message.number(AUTH_SYS).opaque(this.credentials).number(0).number(0);
    say(message);
    await this.#send(message.bytes());
    const answer = new Reader(await this.#receive());
    const [xid, , refused] = [answer.number(), answer.number(), answer.number()];
    if (xid !== this.#xid) throw new Error(`${name}: the answer is to another call`);
    if (refused !== 0) throw new Error(`${name}: the server refuses to speak RPC with us`);
    answer.number();
    answer.opaque();
    const accepted = answer.number();
    if (accepted !== 0) throw new Error(`${name}: RPC status ${accepted}`);
    const status = answer.number();
    if (status !== 0) throw new NfsError(name, status);
    return answer;
  }

  [Symbol.dispose](): void {
    this.connection.close();
  }

  async #send(message: Uint8Array): Promise<void> {
    const LAST_FRAGMENT = 0x8000_0000;
    const record = new Writer().number((LAST_FRAGMENT | message.length) >>> 0).raw(message).bytes();
    for (let sent = 0; sent < record.length;) {
      sent += await this.connection.write(record.subarray(sent));
    }
  }

  async #receive(): Promise<Uint8Array> {
    const parts: Uint8Array[] = [];
    for (let last = false; !last;) {
      const header = new Reader(await this.#exactly(4)).number();
      last = header >= 0x8000_0000;
      parts.push(await this.#exactly(header & 0x7fff_ffff));
    }
    return parts.length === 1 && parts[0] ? parts[0] : concat(parts);
  }

  async #exactly(length: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(length);
    for (let filled = 0; filled < length;) {
      const read = await this.connection.read(bytes.subarray(filled));
      if (read === null) throw new Error("the server closed the connection");
      filled += read;
    }
    return bytes;
  }
}

/** Writes XDR, in which everything fills whole words of four bytes. */
class Writer {
  readonly #parts: Uint8Array[] = [];

  number(value: number): this {
    const word = new Uint8Array(4);
    new DataView(word.buffer).setUint32(0, value);
    return this.raw(word);
  }

  long(value: number): this {
    return this.number(Math.floor(value / 2 ** 32)).number(value % 2 ** 32);
  }

  opaque(bytes: Uint8Array): this {
    return this.number(bytes.length).raw(bytes).raw(new Uint8Array(padding(bytes.length)));
  }

  text(value: string): this {
    return this.opaque(new TextEncoder().encode(value));
  }

  raw(bytes: Uint8Array): this {
    this.#parts.push(bytes);
    return this;
  }

  bytes(): Uint8Array {
    return concat(this.#parts);
  }
}

/** Reads XDR. */
class Reader {
  #at = 0;

  constructor(private readonly bytes: Uint8Array) {}

  number(): number {
    const { buffer, byteOffset } = this.bytes;
    this.#at += 4;
    return new DataView(buffer, byteOffset).getUint32(this.#at - 4);
  }

  flag(): boolean {
    return this.number() !== 0;
  }

  opaque(): Uint8Array {
    const length = this.number();
    this.#at += length + padding(length);
    return this.bytes.subarray(this.#at - length - padding(length), this.#at - padding(length));
  }

  /** Passes over attributes, if there are any. */
  attributes(): void {
    if (this.flag()) this.#at += ATTRIBUTES;
  }
}

const padding = (length: number) => (4 - length % 4) % 4;

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
