// A typed client of one DittoFS server's REST API, as of version 0.29.0 of the server.
//
// It knows the formats, the limits of time and the traps of the API, and nothing of Kubernetes.
// e2e/integration/dittofs_contract_*_test.ts hold it against the real server.

import { Adapters } from "./adapters.ts";
import { Auth } from "./auth.ts";
import { BlockStore } from "./block_store.ts";
import { Clients } from "./clients.ts";
import { Groups } from "./groups.ts";
import { Health } from "./health.ts";
import { IdentityProviders } from "./identity_providers.ts";
import { Netgroups } from "./netgroups.ts";
import { Requests, type RequestsOptions } from "./requests.ts";
import { Shares } from "./shares.ts";
import { SnapshotPolicies } from "./snapshot_policies.ts";
import { Stores } from "./stores.ts";
import { System } from "./system.ts";
import { Users } from "./users.ts";

/** How a client reaches its server and shows who it is. */
export type ClientOptions = RequestsOptions;

/** All endpoints by resource. Each call throws the errors of `errors.ts`. */
export class DittofsClient {
  readonly adapters: Adapters;
  readonly auth: Auth;
  readonly blockStore: BlockStore;
  readonly clients: Clients;
  readonly groups: Groups;
  readonly health: Health;
  readonly identityProviders: IdentityProviders;
  readonly localStores: Stores;
  readonly metadataStores: Stores;
  readonly netgroups: Netgroups;
  readonly remoteStores: Stores;
  readonly shares: Shares;
  readonly snapshotPolicies: SnapshotPolicies;
  readonly system: System;
  readonly users: Users;

  constructor(options: ClientOptions) {
    const requests = new Requests(options);
    this.adapters = new Adapters(requests);
    this.auth = new Auth(requests);
    this.blockStore = new BlockStore(requests);
    this.clients = new Clients(requests);
    this.groups = new Groups(requests);
    this.health = new Health(requests);
    this.identityProviders = new IdentityProviders(requests);
    this.localStores = new Stores(requests, "/store/block/local");
    this.metadataStores = new Stores(requests, "/store/metadata");
    this.netgroups = new Netgroups(requests);
    this.remoteStores = new Stores(requests, "/store/block/remote");
    this.shares = new Shares(requests);
    this.snapshotPolicies = new SnapshotPolicies(requests);
    this.system = new System(requests);
    this.users = new Users(requests);
  }
}
