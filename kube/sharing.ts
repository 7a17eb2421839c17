// Equal parts of many objects, once in memory.
//
// A cache holds thousands of objects that one builder made: their labels, probes, rules and
// messages are the same but for a name here and there. What is kept is frozen, so equal parts can
// be one and the same. Without it a server with its children takes three times the memory.
//
// Parts are shared from the inside out. So two of them are equal when all that they consist of is
// one and the same already, and to find that out costs no more than to walk over them.
//
// The table of parts must not become the leak that it prevents. A part has its place by its hash,
// beside one other: who is met comes first, and a new one takes the place of the second. What was
// shared stays shared; only later objects no longer find it.

/** Larger parts are seldom equal, and the table would keep them. About characters of JSON. */
const LONGEST = 512;

/** JSON.parse() gives texts up to this length one place by itself. */
const SHORT = 10;

/** Pairs of parts in the table, unless told. */
const PAIRS = 2_048;

type Parts = Record<string, unknown>;

/** Gives equal parts of JSON values one place in memory. */
export class Sharing {
  readonly #texts: Table<string>;
  readonly #objects: Table<object>;
  /** Of the value that was walked last: about how long its text is, and a hash of it. */
  #length = 0;
  #hash = 0;

  /** @param pairs a power of two */
  constructor(pairs = PAIRS) {
    this.#texts = new Table(pairs, (a, b) => a === b);
    this.#objects = new Table(pairs, haveSameParts);
  }

  /** The value deeply frozen, with every part that was met before in place of its equal. */
  share<V>(value: V): V;
  share(value: unknown): unknown {
    if (typeof value === "string") return this.#sharedText(value);
    if (typeof value !== "object" || value === null || Object.isFrozen(value)) {
      // How long a part is that was shared long ago is not known: what is around it is not shared.
      this.#length = typeof value === "object" && value !== null ? LONGEST + 1 : 1;
      this.#hash = typeof value === "number" ? value | 0 : value === true ? 1 : 2;
      return value;
    }
    const parts = value as Parts;
    let length = 0;
    let hash = Array.isArray(value) ? 1 : 0;
    for (const name in parts) {
      const part = parts[name];
      const shared = this.share(part);
      if (shared !== part) parts[name] = shared;
      length += this.#length + name.length;
      hash = mixed(mixed(hash, name.charCodeAt(name.length - 1)), this.#hash);
    }
    this.#length = length;
    this.#hash = hash;
    // One that is met again takes the place of this one, and need not be frozen.
    const shared = length > LONGEST ? value : this.#objects.met(value, hash);
    return shared === value ? Object.freeze(value) : shared;
  }

  #sharedText(text: string): string {
    this.#length = text.length;
    // Neither it is shared nor what is around it, so that nobody asks for its hash.
    if (text.length > LONGEST) return text;
    this.#hash = hashOf(text);
    return text.length <= SHORT ? text : this.#texts.met(text, this.#hash);
  }
}

/** What was met lately: two for each place. */
class Table<V> {
  readonly #first: (V | undefined)[];
  readonly #second: (V | undefined)[];
  readonly #isSame: (a: V, b: V) => boolean;

  constructor(places: number, isSame: (a: V, b: V) => boolean) {
    this.#first = new Array(places).fill(undefined);
    this.#second = new Array(places).fill(undefined);
    this.#isSame = isSame;
  }

  /** The one that was met before, or else this one. */
  met(value: V, hash: number): V {
    const place = (hash ^ (hash >>> 16)) & (this.#first.length - 1);
    const first = this.#first[place];
    const second = this.#second[place];
    if (first !== undefined && this.#isSame(first, value)) return first;
    const found = second !== undefined && this.#isSame(second, value) ? second : value;
    this.#first[place] = found;
    this.#second[place] = first;
    return found;
  }
}

/** Whether two values consist of one and the same parts. */
function haveSameParts(a: object, b: object): boolean {
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const left = a as Parts;
  const right = b as Parts;
  let more = 0;
  for (const name in left) {
    if (!Object.is(left[name], right[name])) return false;
    more++;
  }
  for (const _ in right) more--;
  return more === 0;
}

function hashOf(text: string): number {
  let hash = text.length;
  for (let i = 0; i < text.length; i++) hash = mixed(hash, text.charCodeAt(i));
  return hash;
}

function mixed(hash: number, value: number): number {
  const product = Math.imul(hash ^ value, 0x9e3779b1);
  return product ^ (product >>> 15);
}
