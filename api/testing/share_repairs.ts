// Makes a random spec of a share keep the rules between fields, one rule after another.

import type { DittoShareInput } from "../dittoshare.ts";
import type { Repair } from "./repairs.ts";

type ShareRepair = Repair<DittoShareInput>;

const oneCache: ShareRepair = ({ storage }) => {
  const { remote } = storage ?? {};
  if (!storage || !remote) return;
  delete storage.local?.size;
  if (!remote.s3.endpoint) delete remote.s3.allowPrivateEndpoint;
  if (remote.cache?.policy !== "ttl") delete remote.cache?.ttl;
  else remote.cache.ttl ??= "72h";
};

const kerberosOnly: ShareRepair = ({ nfs }) => {
  if (nfs?.requireKerberos) delete nfs.allowAuthSys;
};

const oneGrantEach: ShareRepair = (spec) => {
  if (!spec.grants) return;
  spec.grants = oneEach(spec.grants, ["user", "group", "userSID", "groupSID"]);
};

const oneQuotaEach: ShareRepair = (spec) => {
  if (!spec.quotas) return;
  spec.quotas = oneEach(spec.quotas, ["user", "group", "uid", "gid"]);
  for (const quota of spec.quotas) {
    if (!quota.size || quota.softSize === quota.size) delete quota.softSize;
    quota.files ??= 1_000_000;
    if ((quota.softFiles ?? 0) > quota.files) delete quota.softFiles;
    if (!quota.softSize && !quota.softFiles) delete quota.gracePeriod;
  }
};

/** For one principal each, and no two for the same one. */
function oneEach<T extends object>(list: readonly T[], principals: readonly (keyof T)[]): T[] {
  const byPrincipal = new Map<string, T>();
  list.forEach((element, index) => {
    const there = principals.filter((field) => element[field] !== undefined);
    const kept = there[index % there.length];
    if (kept === undefined) return;
    for (const field of there) if (field !== kept) delete element[field];
    byPrincipal.set(`${String(kept)}=${element[kept]}`, element);
  });
  return [...byPrincipal.values()];
}

/** One for each rule or group of rules. */
export const SHARE_REPAIRS: readonly ShareRepair[] = [
  ...[oneCache, kerberosOnly, oneGrantEach, oneQuotaEach],
];
