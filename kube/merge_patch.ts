// JSON merge patches (RFC 7386), with the types of what they change.

/** A part of an object. `null` takes a field away; a list replaces the list that is there. */
export type MergePatch<V> = V extends readonly unknown[] ? V
  : V extends object ? { readonly [F in keyof V]?: MergePatch<V[F]> | null }
  : V;
