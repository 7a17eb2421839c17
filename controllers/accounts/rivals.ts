// Who gets a name on a server that several resources want.
//
// Whoever has the row already keeps it; else the older one gets it, so that nobody can take a name
// away by wanting it later. The others say whom they wait for, and follow when that one has gone.

import type { Cache } from "../../kube/cache.ts";
import { keyOf, type Live } from "../../kube/object.ts";
import { type Related, related } from "../../kube/relations.ts";
import type { Patchable } from "../../kube/tracked.ts";
import { serverKeyOf } from "../rest/server_ref.ts";
import type { AccountResource } from "./kind.ts";

/** The name of the index under which a resource is found by the name that it wants. */
export const BY_NAME = "name";

/** The value of that index. */
export function wantedName(resource: AccountResource, name: string): string {
  return `${serverKeyOf(resource)} ${name}`;
}

/** The resource that has the name or gets it before `resource` does; undefined if none does. */
export function rivalOf<T extends AccountResource>(
  cache: Pick<Cache<T>, "byIndex">,
  resource: Live<T>,
  name: string,
  admitted: (other: Live<T>) => boolean,
): Live<T> | undefined {
  const others = cache.byIndex(BY_NAME, wantedName(resource, name))
    .filter((other) => other.metadata.uid !== resource.metadata.uid && admitted(other));
  const [first] = [resource, ...others].toSorted(byClaim);
  return first?.metadata.uid === resource.metadata.uid ? undefined : first;
}

/** What happens to a resource concerns all others that want the same name. */
export function relatedRivals<T extends AccountResource>(
  tracked: Patchable<T>,
  nameOf: (resource: T) => string,
): Related {
  return related(
    tracked,
    (resource: Live<T>) =>
      tracked.cache.byIndex(BY_NAME, wantedName(resource, nameOf(resource)))
        .filter(({ metadata }) => metadata.uid !== resource.metadata.uid).map(keyOf),
  );
}

function byClaim(a: Live<AccountResource>, b: Live<AccountResource>): number {
  return has(b) - has(a) || compare(a.metadata.creationTimestamp, b.metadata.creationTimestamp) ||
    compare(a.metadata.uid, b.metadata.uid);
}

const has = ({ status }: AccountResource) => (status?.account?.id === undefined ? 0 : 1);

const compare = (a = "", b = "") => (a < b ? -1 : a > b ? 1 : 0);
