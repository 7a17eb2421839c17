// Who gets a name or a number on a server that several resources want.
//
// Whoever has it already keeps it; else the older one gets it, so that nobody can take anything
// away by wanting it later. The others say whom they wait for, and follow when that one has gone.

import type { Cache } from "../../kube/cache.ts";
import { keyOf, type Live } from "../../kube/object.ts";
import { type Related, related } from "../../kube/relations.ts";
import type { Patchable } from "../../kube/tracked.ts";
import { follow, serverKeyOf } from "../rest/server_ref.ts";
import type { AccountResource } from "./resource.ts";
import type { Row } from "./mark.ts";
import type { Pass } from "./pass.ts";

/** The names of the indexes under which a resource is found by what it wants. */
const BY_NAME = "name";
const BY_NUMBER = "number";

/** What tells what a resource wants. */
export interface Wants<T extends AccountResource> {
  nameOf(resource: T): string;
  numberOf(resource: T): number | undefined;
}

/** Those indexes. */
export function rivalIndexes<T extends AccountResource>({ nameOf, numberOf }: Wants<T>) {
  return {
    [BY_NAME]: (resource: Live<T>) => [onServer(resource, nameOf(resource))],
    [BY_NUMBER]: (resource: Live<T>) => {
      const number = numberOf(resource);
      return number === undefined ? [] : [onServer(resource, number)];
    },
  } as const;
}

/** The resources that want a number on a server. */
export function wantingNumber<T extends AccountResource>(
  cache: Pick<Cache<T>, "byIndex">,
  serverKey: string,
  number: number,
): Live<T>[] {
  return cache.byIndex(BY_NUMBER, `${serverKey} ${number}`);
}

/** The resource that has the name, or gets it before this one does; undefined if none does. */
export function nameRivalOf<T extends AccountResource, R extends Row>(
  pass: Pass<T, R>,
): string | undefined {
  const { name, serverKey, context: { tracked } } = pass;
  const wanting = tracked.cache.byIndex(BY_NAME, `${serverKey} ${name}`);
  return firstOf(pass, wanting, ({ status }) => status?.account?.id !== undefined);
}

/** The same for a number. */
export function numberRivalOf<T extends AccountResource, R extends Row>(
  pass: Pass<T, R>,
  number: number,
): string | undefined {
  const { serverKey, context: { tracked } } = pass;
  const wanting = wantingNumber(tracked.cache, serverKey, number);
  return firstOf(pass, wanting, ({ status }) => status?.account?.number === number);
}

/** What happens to a resource concerns all others that want the same as it does, or did. */
export function relatedRivals<T extends AccountResource>(
  tracked: Patchable<T>,
  wants: Wants<T>,
): Related {
  const indexes = Object.entries(rivalIndexes(wants));
  return related(
    tracked,
    (resource: Live<T>) =>
      indexes.flatMap(([index, valuesOf]) =>
        valuesOf(resource).flatMap((value) => tracked.cache.byIndex(index, value))
      ).filter(({ metadata }) => metadata.uid !== resource.metadata.uid).map(keyOf),
  );
}

/** Who of those that want something comes before this one, by kind and key. */
function firstOf<T extends AccountResource, R extends Row>(
  { kind: { kind }, resource, context: { servers } }: Pass<T, R>,
  wanting: readonly Live<T>[],
  has: (other: Live<T>) => boolean,
): string | undefined {
  const others = wanting
    .filter((other) => other.metadata.uid !== resource.metadata.uid)
    .filter((other) => follow(other, servers).to === "server");
  const [first] = [resource, ...others].toSorted((a, b) =>
    Number(has(b)) - Number(has(a)) ||
    compare(a.metadata.creationTimestamp, b.metadata.creationTimestamp) ||
    compare(a.metadata.uid, b.metadata.uid)
  );
  if (!first || first.metadata.uid === resource.metadata.uid) return undefined;
  return `${kind} "${keyOf(first)}"`;
}

const onServer = (resource: AccountResource, what: string | number) =>
  `${serverKeyOf(resource)} ${what}`;

const compare = (a = "", b = "") => (a < b ? -1 : a > b ? 1 : 0);
