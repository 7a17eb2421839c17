// A controller of one of the two kinds.

import type { DittoServer } from "../../api/dittoserver.ts";
import type { Api } from "../../kube/api.ts";
import { Writer } from "../../kube/apply.ts";
import { Cache } from "../../kube/cache.ts";
import type { Clock, Random } from "../../kube/clock.ts";
import { Controller, EDIT_WORKERS, type Trigger } from "../../kube/controller.ts";
import type { EventRecorder } from "../../kube/events.ts";
import type { Logger } from "../../kube/log.ts";
import type { Metrics } from "../../kube/metrics.ts";
import { type Key, keyOf, type Live } from "../../kube/object.ts";
import type { Related } from "../../kube/relations.ts";
import type { Resource } from "../../kube/resource.ts";
import type { Patchable, Tracked } from "../../kube/tracked.ts";
import { Conflicts } from "../conflicts.ts";
import type { Connections } from "../connections/connections.ts";
import { APPLIED_ANNOTATION, OPERATOR } from "../dittoserver/names.ts";
import { connectionTrigger, relatedServers } from "../rest/server_changes.ts";
import { serverKeyOf } from "../rest/server_ref.ts";
import type { AccountKind } from "./kind.ts";
import type { AccountNoun, AccountResource } from "./resource.ts";
import { Listing, rowTrigger } from "./listing.ts";
import type { Row } from "./mark.ts";
import { reconcileAccount } from "./reconcile.ts";
import { relatedRivals, rivalIndexes, wantingNumber, type Wants } from "./rivals.ts";

/**
 * Keys worked on at the same time. They wait for servers most of the time, and one that is slow
 * must not hold up the others.
 */
const WORKERS = 64;

/** The name of the index under which a resource is found by the key of its server. */
const BY_SERVER = "server";

/** What the controllers of users and groups are given. */
export interface AccountControllerOptions {
  readonly api: Api;
  readonly events: Pick<EventRecorder, "publish">;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly metrics: Pick<Metrics, "controller" | "queue">;
  readonly servers: Tracked<DittoServer>;
  readonly connections: Pick<Connections, "open" | "onChange" | "onCheck">;
  /** What else than watches can say that a key needs a look. @default nothing */
  readonly triggers?: readonly Trigger[];
  /** Counts what somebody has changed on a server against our spec. */
  readonly drifted: (kind: AccountNoun) => void;
}

/** A kind, its resources, and the rows of all servers. */
export interface Accounts<T extends AccountResource, R extends Row> {
  readonly tracked: Patchable<T>;
  readonly listing: Listing<R>;
}

/** Nothing known yet; `indexes` are those that the kind needs besides. */
export function accounts<T extends AccountResource, R extends Row>(
  resource: Resource<T>,
  wants: Wants<T>,
  clock: Clock,
  indexes: Readonly<Record<string, (resource: Live<T>) => readonly string[]>> = {},
): Accounts<T, R> {
  const cache = new Cache<T>({
    indexes: {
      [BY_SERVER]: (resource) => [serverKeyOf(resource)],
      ...rivalIndexes(wants),
      ...indexes,
    },
  });
  return { tracked: { resource, cache, use: "patch" }, listing: new Listing<R>(clock) };
}

/** What the resources of a kind look at, besides what `more` says. */
export function accountRelations<T extends AccountResource>(
  tracked: Patchable<T>,
  wants: Wants<T>,
  servers: Tracked<DittoServer>,
  more: readonly Related[] = [],
): readonly Related[] {
  const about = aboutServer(tracked);
  return [relatedServers(servers, about), relatedRivals(tracked, wants), ...more];
}

/** The controller of a kind. */
export function accountController<T extends AccountResource, R extends Row>(
  kind: AccountKind<T, R>,
  { tracked, listing }: Accounts<T, R>,
  related: readonly Related[],
  options: AccountControllerOptions,
) {
  const { api, events, clock, metrics, servers, connections, triggers = [] } = options;
  const name = kind.kind.toLowerCase();
  const writer = new Writer(api, {
    fieldManager: OPERATOR,
    digestAnnotation: APPLIED_ANNOTATION,
  });
  const conflicts = new Conflicts(clock);
  const forget = (serverKey: Key) => listing.forget(serverKey);
  // Who gets another number leaves the one that somebody may be waiting for.
  const freed = rowTrigger(
    listing,
    (serverKey, { freed }) =>
      freed === undefined ? [] : wantingNumber(tracked.cache, serverKey, freed).map(keyOf),
  );
  const controller = new Controller({
    ...options,
    name,
    primary: tracked,
    owned: [],
    related,
    triggers: [connectionTrigger(connections, aboutServer(tracked), forget), freed, ...triggers],
    workers: WORKERS,
    observer: metrics.controller(name, WORKERS + EDIT_WORKERS),
    reconcile: async (key, log) => {
      const session = writer.session();
      const context = {
        ...{ tracked, listing, events, clock, conflicts, connections },
        servers: servers.cache,
        writer: session,
        drifted: (differences: string) => {
          options.drifted(kind.noun);
          log.info("somebody has changed it on the server", { differences });
        },
      };
      const outcome = await reconcileAccount(kind, context, key);
      return { ...outcome, writes: session.writes };
    },
  });
  metrics.queue(name, controller.queue);
  return { controller, watched: [{ tracked }] };
}

function aboutServer<T extends AccountResource>({ cache }: Patchable<T>) {
  return (serverKey: Key) => cache.byIndex(BY_SERVER, serverKey).map(keyOf);
}
