// All controllers of the operator, and what they have in common: one watch of each kind, one
// connection to each server.

import { type Clock, systemClock } from "../kube/clock.ts";
import type { AnyController } from "../kube/controller.ts";
import type { Key } from "../kube/object.ts";
import { joined, type Permission } from "../kube/permissions.ts";
import type { Watched } from "../kube/program.ts";
import { References } from "../kube/references.ts";
import { ServedKinds } from "../kube/served.ts";
import { type RowChange, rowTrigger } from "./accounts/listing.ts";
import {
  type DittoServerControllerOptions,
  dittoServerControllers,
  dittoServerPermissions,
} from "./dittoserver/controller.ts";
import { factsOf } from "./dittoserver/references/secret_facts.ts";
import { serverWatches } from "./dittoserver/server_kinds.ts";
import {
  dittoGroupController,
  dittoGroupPermissions,
  groupAccounts,
} from "./dittogroup/controller.ts";
import { dittoShareController, dittoSharePermissions } from "./dittoshare/controller.ts";
import { sharesAbout, shareWatches } from "./dittoshare/share_kinds.ts";
import { dittoUserController, dittoUserPermissions, userAccounts } from "./dittouser/controller.ts";

/** What the controllers are given. */
export type OperatorOptions = Omit<DittoServerControllerOptions, "hasPolicyOfItsOwn">;

/** The controllers, and the watches that they live on. */
export interface OperatorControllers {
  readonly controllers: readonly AnyController[];
  readonly watched: readonly Watched[];
  /** Has a server be compared with what should be at once, as from time to time by itself. */
  readonly hurry: (serverKey: Key) => void;
  /** Ends what is under way with servers, which the controllers would wait for. */
  readonly close: () => void;
}

export function operatorControllers(options: OperatorOptions): OperatorControllers {
  const { api, clock, metrics } = options;
  const shares = shareWatches();
  const servers = dittoServerControllers({ ...options, hasPolicyOfItsOwn: shares.hasPolicy });
  const { kinds, references, connections } = servers;
  shares.onPolicyChange(servers.hurry);
  const users = userAccounts(clock);
  const groups = groupAccounts(clock);
  const drifted = servers.drifted;
  const accounts = { ...options, servers: kinds.servers, connections, drifted };
  const concerned = (serverKey: Key, { name }: RowChange) =>
    sharesAbout(name, shares.kinds.shares.cache, shares.sharesOn(serverKey));
  const share = dittoShareController(shares, {
    ...{ ...options, connections, drifted, metrics },
    secretFacts: new References(api, references, factsOf),
    neighbours: neighboursOf(kinds, references, users, groups),
    hurryServer: servers.hurry,
    // That we have made a user is no news in the cache: we have written it ourselves.
    triggers: [users, groups].map(({ listing }) => rowTrigger(listing, concerned)),
  });
  const others = [
    share,
    dittoUserController(users, { ...accounts, secrets: references, groups }),
    dittoGroupController(groups, accounts),
  ];
  return {
    controllers: [
      ...servers.controllers,
      ...others.map(({ controller }) => controller),
      share.bucketController,
    ],
    watched: [...servers.watched, ...others.flatMap(({ watched }) => watched)],
    hurry: (serverKey) => {
      servers.hurry(serverKey);
      connections.check(serverKey);
    },
    close: servers.close,
  };
}

/** What the operator may do. */
export function operatorPermissions(clock: Clock = systemClock): readonly Permission[] {
  const { kinds, references } = serverWatches(new ServedKinds(clock));
  return joined([
    ...dittoServerPermissions(),
    ...dittoSharePermissions(
      neighboursOf(kinds, references, userAccounts(clock), groupAccounts(clock)),
    ),
    ...dittoUserPermissions(),
    ...dittoGroupPermissions(),
  ]);
}

/** What shares look at that others watch. */
function neighboursOf(
  servers: ReturnType<typeof serverWatches>["kinds"],
  secrets: ReturnType<typeof serverWatches>["references"],
  users: ReturnType<typeof userAccounts>,
  groups: ReturnType<typeof groupAccounts>,
) {
  return { servers, secrets, users: users.tracked, groups: groups.tracked };
}
