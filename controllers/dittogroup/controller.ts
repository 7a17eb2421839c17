// Declares the DittoGroup controller: what it watches, and what it does.

import type { DittoGroup } from "../../api/dittogroup.ts";
import type { DittoServer } from "../../api/dittoserver.ts";
import { Cache } from "../../kube/cache.ts";
import { type Clock, systemClock } from "../../kube/clock.ts";
import { events } from "../../kube/events.ts";
import { joined, type Permission, permissionsOf } from "../../kube/permissions.ts";
import type { Tracked } from "../../kube/tracked.ts";
import {
  accountController,
  type AccountControllerOptions,
  accountRelations,
  type Accounts,
  accounts,
} from "../accounts/controller.ts";
import { dittoGroups, dittoServers } from "../kinds.ts";
import type { GroupRow } from "./group.ts";
import { groupKind } from "./kind.ts";

/** The groups of all servers, of which nothing is known yet. */
export function groupAccounts(clock: Clock): Accounts<DittoGroup, GroupRow> {
  return accounts(dittoGroups, groupKind, clock);
}

/** The controller, and the watches that it lives on. */
export function dittoGroupController(
  groups: Accounts<DittoGroup, GroupRow>,
  options: AccountControllerOptions,
) {
  const related = accountRelations(groups.tracked, groupKind, options.servers);
  return accountController(groupKind, groups, related, options);
}

/** What the controller may do. */
export function dittoGroupPermissions(): readonly Permission[] {
  const { tracked } = groupAccounts(systemClock);
  const servers: Tracked<DittoServer> = {
    ...{ resource: dittoServers, cache: new Cache(), use: "watch" },
  };
  return joined([
    ...permissionsOf(tracked, [], accountRelations(tracked, groupKind, servers)),
    { resource: events, verbs: ["create", "patch"] },
  ]);
}
