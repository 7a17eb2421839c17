// Two resources that want the same share of the same server: who has it keeps it, and before
// anybody has it, it is the older one's.
//
// Which one that is must not depend on who looked first, and must not change while both exist: an
// older one that is let in only now would otherwise get the files of the one that has them.

import type { DittoShare } from "../../api/dittoshare.ts";
import type { DittoServer } from "../../api/dittoserver.ts";
import type { Cache } from "../../kube/cache.ts";
import type { Key, Live } from "../../kube/object.ts";
import { follow, serverKeyOf } from "../rest/server_ref.ts";
import { shareNameOf } from "./share.ts";

/** The name of the index under which shares are found that want the same. */
export const BY_PLACE = "place";

/** The share of a server. Neither part has a blank. */
export function placeKey(serverKey: Key, shareName: string): string {
  return `${serverKey} ${shareName}`;
}

/** The share of a server that a resource wants. */
export function placeKeyOf(resource: DittoShare): string {
  return placeKey(serverKeyOf(resource), shareNameOf(resource));
}

/** The resource that has what this one wants; undefined if this one does. */
export function rivalOf(
  resource: Live<DittoShare>,
  shares: Pick<Cache<DittoShare>, "byIndex">,
  servers: Pick<Cache<DittoServer>, "get">,
): Live<DittoShare> | undefined {
  return shares.byIndex(BY_PLACE, placeKeyOf(resource))
    .filter(({ metadata }) => metadata.uid !== resource.metadata.uid)
    // Who is not let in has nothing, unless they were let in once.
    .filter((other) => other.status?.stores || follow(other, servers).to === "server")
    .toSorted(byRight)
    .find((other) => byRight(other, resource) < 0);
}

/** Who comes first has it. */
function byRight(a: Live<DittoShare>, b: Live<DittoShare>): number {
  const [first, second] = [a, b].map(({ metadata: { creationTimestamp = "", uid }, status }) =>
    `${status?.stores ? "has" : "wants"} ${creationTimestamp} ${uid}`
  );
  if (first === second || first === undefined || second === undefined) return 0;
  return first < second ? -1 : 1;
}
