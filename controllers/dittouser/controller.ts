// Declares the DittoUser controller: what it watches, and what it does.

import type { DittoGroup } from "../../api/dittogroup.ts";
import type { DittoServer } from "../../api/dittoserver.ts";
import type { DittoUser } from "../../api/dittouser.ts";
import type { Secret } from "../../api/kubernetes/types.ts";
import { Cache } from "../../kube/cache.ts";
import { type Clock, systemClock } from "../../kube/clock.ts";
import { events } from "../../kube/events.ts";
import { identityOnly } from "../../kube/kept.ts";
import { type Key, keyOf, type KubernetesObject } from "../../kube/object.ts";
import { joined, type Permission, permissionsOf } from "../../kube/permissions.ts";
import type { Referenced } from "../../kube/references.ts";
import { type Related, related } from "../../kube/relations.ts";
import type { Patchable, Tracked } from "../../kube/tracked.ts";
import {
  accountController,
  type AccountControllerOptions,
  accountRelations,
  type Accounts,
  accounts,
} from "../accounts/controller.ts";
import { rowTrigger } from "../accounts/listing.ts";
import type { GroupRow } from "../dittogroup/group.ts";
import { dittoServers, dittoUsers, secrets } from "../kinds.ts";
import type { RandomBytes } from "../dittoserver/secrets.ts";
import { serverKeyOf } from "../rest/server_ref.ts";
import { userKind } from "./kind.ts";
import { secretKeyOf } from "./password.ts";
import { userNameOf, userNumberOf, type UserRow } from "./user.ts";

/** The names of the indexes under which a user is found by a Secret and by a group of theirs. */
const BY_SECRET = "secret";
const BY_GROUP = "group";

const WANTS = { nameOf: userNameOf, numberOf: userNumberOf };

/** The users of all servers, of which nothing is known yet. */
export function userAccounts(clock: Clock): Accounts<DittoUser, UserRow> {
  return accounts(dittoUsers, WANTS, clock, {
    [BY_SECRET]: (user) => {
      const key = secretKeyOf(user);
      return key === undefined ? [] : [key];
    },
    [BY_GROUP]: (user) =>
      (user.spec.groups ?? []).map((group) => inGroup(serverKeyOf(user), group)),
  });
}

const inGroup = (serverKey: Key, group: string) => `${serverKey} ${group}`;

/** What the controller of users is given besides. */
export interface DittoUserControllerOptions extends AccountControllerOptions {
  readonly secrets: Referenced<Secret>;
  readonly groups: Accounts<DittoGroup, GroupRow>;
  readonly randomBytes: RandomBytes;
}

/** The controller, and the watches that it lives on. */
export function dittoUserController(
  users: Accounts<DittoUser, UserRow>,
  options: DittoUserControllerOptions,
) {
  const { api, secrets, servers, groups: { listing: groups }, randomBytes } = options;
  const kind = userKind({ api, secrets, groups, randomBytes });
  const relations = relationsOf(users.tracked, servers, secrets);
  return accountController(kind, users, relations, {
    ...options,
    // A group that comes or goes concerns the users that are to be in it.
    triggers: [
      rowTrigger(
        groups,
        (serverKey, { name, moved }) =>
          moved ? users.tracked.cache.byIndex(BY_GROUP, inGroup(serverKey, name)).map(keyOf) : [],
      ),
    ],
  });
}

function relationsOf(
  users: Patchable<DittoUser>,
  servers: Tracked<DittoServer>,
  secrets: Referenced<Secret>,
): readonly Related[] {
  const bySecret = (secret: KubernetesObject) =>
    users.cache.byIndex(BY_SECRET, keyOf(secret)).map(keyOf);
  // Who rotates a password waits for what follows.
  return accountRelations(users, WANTS, servers, [related(secrets, bySecret, "user")]);
}

/** What the controller may do. */
export function dittoUserPermissions(): readonly Permission[] {
  const { tracked } = userAccounts(systemClock);
  const servers: Tracked<DittoServer> = {
    ...{ resource: dittoServers, cache: new Cache(), use: "watch" },
  };
  const references: Referenced<Secret> = {
    resource: secrets,
    cache: new Cache<Secret, KubernetesObject>({ keep: identityOnly }),
    use: "read",
  };
  return joined([
    ...permissionsOf(tracked, [], relationsOf(tracked, servers, references)),
    { resource: events, verbs: ["create", "patch"] },
  ]);
}
