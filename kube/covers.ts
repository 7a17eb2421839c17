// Does a live object already say everything that we want it to say?
//
// A live object says more than we do: the API server fills in defaults, other writers own other
// fields. So the question is not equality. It is asked before each write: a wrong "no" would
// write for ever, and a wrong "yes" would leave a hand edit standing.
//
// Lists are where both go wrong. Most are atomic: one writer has the whole list, and an element
// more or in another place is an edit. The few others are merged element by element, and may
// hold elements of other writers. Which is which stands in the API server's own schema
// (`x-kubernetes-list-type`) and nowhere in the objects: the list of a probe's headers is atomic
// though its elements have names. The table below has the lists that are merged in the kinds of
// Kubernetes itself; a test holds it against the schema of the kinds that are written.

/**
 * By the name of a list that is merged: the fields that tell its elements apart; none where
 * elements are plain values. One name may stand for lists of several kinds, as `ports` does.
 */
export const MERGED_LISTS: Readonly<Record<string, readonly string[]>> = {
  claims: ["name"],
  containers: ["name"],
  env: ["name"],
  ephemeralContainers: ["name"],
  finalizers: [],
  hostAliases: ["ip"],
  imagePullSecrets: ["name"],
  initContainers: ["name"],
  ownerReferences: ["uid"],
  ports: ["containerPort", "port", "protocol"],
  resourceClaims: ["name"],
  schedulingGates: ["name"],
  topologySpreadConstraints: ["topologyKey", "whenUnsatisfiable"],
  volumeDevices: ["devicePath"],
  volumeMounts: ["mountPath"],
  volumes: ["name"],
};

/** What an element means that does not say it. */
const DEFAULTS: Readonly<Record<string, string>> = { protocol: "TCP" };

/** Whether `live` has every field of `desired`, with the same value. */
export function covers(live: unknown, desired: unknown): boolean {
  return coversValue(live, desired, MERGED_LISTS);
}

/** Whether two JSON values say the same, whatever the order of their fields. */
export function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((value, i) => same(value, b[i]));
  }
  if (!isRecord(a) || !isRecord(b)) return false;
  let more = 0;
  for (const field in a) {
    if (a[field] === undefined) continue;
    if (!same(a[field], b[field])) return false;
    more++;
  }
  for (const field in b) if (b[field] !== undefined) more--;
  return more === 0;
}

/** `merged` are the lists that may hold elements of others; none within an atomic list. */
function coversValue(
  live: unknown,
  desired: unknown,
  merged: typeof MERGED_LISTS,
  keys?: readonly string[],
): boolean {
  if (Object.is(live, desired)) return true;
  if (Array.isArray(desired)) {
    return Array.isArray(live) &&
      (keys ? coversElements(live, desired, merged, keys) : coversList(live, desired));
  }
  if (!isRecord(live) || !isRecord(desired)) return false;
  for (const field in desired) {
    const value = desired[field];
    if (value !== undefined && !coversValue(live[field], value, merged, merged[field])) {
      return false;
    }
  }
  return true;
}

/** An atomic list. Defaults may have been filled in within its elements. */
function coversList(live: readonly unknown[], desired: readonly unknown[]): boolean {
  return live.length === desired.length &&
    desired.every((value, i) => coversValue(live[i], value, {}));
}

/** A merged list. An element that is there twice has been edited: only one of them is ours. */
function coversElements(
  live: readonly unknown[],
  desired: readonly unknown[],
  merged: typeof MERGED_LISTS,
  keys: readonly string[],
): boolean {
  return desired.every((element) => {
    const found = live.filter((other) => isTheSame(other, element, keys));
    return found.length === 1 && coversValue(found[0], element, merged);
  });
}

/** Whether two elements of a merged list are one and the same, whatever else they say. */
function isTheSame(a: unknown, b: unknown, keys: readonly string[]): boolean {
  if (!isRecord(a) || !isRecord(b)) return Object.is(a, b);
  return keys.every((key) => (a[key] ?? DEFAULTS[key]) === (b[key] ?? DEFAULTS[key]));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
