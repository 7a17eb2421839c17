// The whole table of specs, by block.

import { adapters } from "./adapters.ts";
import { controlPlane } from "./control_plane.ts";
import { database } from "./database.ts";
import { engine, snapshotPolicies } from "./engine.ts";
import { FULL, MINIMAL } from "./_full.ts";
import { identity } from "./identity.ts";
import { kerberos, machineAccount, onlineJoin } from "./kerberos.ts";
import { ldap } from "./ldap.ts";
import { lifecycle } from "./lifecycle.ts";
import { maps } from "./maps.ts";
import { logging, metrics } from "./metrics.ts";
import { names } from "./names.ts";
import { percona } from "./percona.ts";
import { pod } from "./pod.ts";
import { ports } from "./ports.ts";
import { services } from "./services.ts";
import { sharing } from "./sharing.ts";
import { storage } from "./storage.ts";
import type { Row } from "./_table.ts";

const whole: readonly Row[] = [
  { says: "the smallest spec", spec: MINIMAL },
  { says: "a spec with every block", spec: FULL },
  { says: "no spec", spec: null, cause: { field: "spec", message: "Required value" } },
];

/** The rows of each block. */
export const TABLE: Readonly<Record<string, readonly Row[]>> = {
  "the whole (W35)": whole,
  "metadata.name (W49)": names,
  "storage (W13)": storage,
  "database (W02, W15, W58)": database,
  controlPlane,
  "ports that collide": ports,
  "identity.jwt, admin and machineSid (W39, W50, W57)": identity,
  "identity.ldap": ldap,
  "identity.kerberos": kerberos,
  "identity.kerberos.machineAccount": machineAccount,
  "identity.kerberos.machineAccount.onlineJoin": onlineJoin,
  "adapters (W24)": adapters,
  "service, adapterServices and networkPolicy (W22, W25, W52)": services,
  "allowedNamespaces, management and checkInterval (W52)": sharing,
  "labels and annotations": maps,
  metrics,
  logging,
  pod,
  "maintenance, start and stop (W20, W21)": lifecycle,
  "memory, blockStore, gc and snapshots": engine,
  snapshotPolicies,
  percona,
};
