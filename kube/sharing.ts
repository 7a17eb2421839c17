// Equal parts of many objects, once in memory.
//
// A cache holds thousands of objects that one builder made: their labels, probes, rules and
// messages are the same but for a name here and there. What is kept is frozen, so equal parts can
// be one and the same. Without it a server with its children takes three times the memory.
//
// The table of parts must not become the leak that it prevents. It has two generations: a part
// that is met again moves to the young one, and when that is full the old one is forgotten. What
// was shared stays shared; only later objects no longer find it.

/** Larger parts are seldom equal, and to compare them costs more than it gives. */
const LONGEST = 512;

/** Parts in one generation, unless told. */
const GENERATION = 2_048;

/** Gives equal parts of JSON values one place in memory. */
export class Sharing {
  readonly #generation: number;
  #young = new Map<string, unknown>();
  #old = new Map<string, unknown>();
  /** About how long the text of the value is that was walked last. */
  #length = 0;

  constructor(generation = GENERATION) {
    this.#generation = generation;
  }

  /** The value deeply frozen, with every part that was met before in place of its equal. */
  share<V>(value: V): V {
    if (typeof value === "string") {
      this.#length = value.length;
      return value.length > LONGEST ? value : this.#shared(value, value);
    }
    this.#length = 1;
    if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
    const parts = value as Record<string, unknown>;
    let length = 0;
    for (const name of Object.keys(parts)) {
      const part = parts[name];
      const shared = this.share(part);
      if (shared !== part) parts[name] = shared;
      length += this.#length + (Array.isArray(value) ? 0 : name.length);
    }
    this.#length = length;
    Object.freeze(value);
    // Most of the text of a large value would be written only to find that it is too long.
    return length > LONGEST ? value : this.#shared(JSON.stringify(value), value);
  }

  /** A text and an object of the same JSON text do not meet: their types tell them apart. */
  #shared<V>(text: string, value: V): V {
    if (text.length > LONGEST) return value;
    const known = this.#young.get(text) ?? this.#remembered(text);
    if (typeof known === typeof value) return known as V;
    if (known === undefined) this.#remember(text, value);
    return value;
  }

  #remembered(text: string): unknown {
    const known = this.#old.get(text);
    if (known !== undefined) this.#remember(text, known);
    return known;
  }

  #remember(text: string, value: unknown): void {
    if (this.#young.size >= this.#generation) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(text, value);
  }
}
