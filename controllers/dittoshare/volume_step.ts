// Makes the PersistentVolume of a share and its claim, or takes them away.
//
// A volume cannot belong to a resource of a namespace, so garbage collection never takes it; it is
// known by the UID of its share, which stands in a label. A volume whose claim is gone can never
// be claimed again, and is made anew: there is nothing in it.

import type { PersistentVolume, PersistentVolumeClaim } from "../../api/kubernetes/types.ts";
import { type Live, makeKey } from "../../kube/object.ts";
import { servedProtocols } from "../dittoserver/adapter_ports.ts";
import { BY_OWNER } from "../dittoserver/pass.ts";
import type { Server } from "../dittoserver/server.ts";
import { writeFailureOf } from "../rest/problem.ts";
import type { Pass } from "./pass.ts";
import {
  claimNameOf,
  claimOf,
  keptOf,
  labelsOf,
  type NfsAddress,
  persistentVolumeOf,
} from "./volume.ts";

/** The name of the index under which a volume is found by the UID of its share. */
export const BY_SHARE = "share";

const ASPECT = "VolumeReady";

/** Makes volume and claim if the spec wants them; else takes away those that there are. */
export async function makeVolume(pass: Pass, server: Server | undefined): Promise<void> {
  const { share } = pass;
  const wanted = claimNameOf(share);
  await attempt(pass, "what is not wanted any more", () => prune(pass, wanted));
  if (wanted === undefined) return;
  const address = server && addressOf(pass, server);
  if (!address) {
    // What is wrong with the server has a condition of its own.
    if (!pass.has(ASPECT)) pass.inOrder[ASPECT] = { reason: "Waiting" };
    return;
  }
  await attempt(pass, `PersistentVolume of claim "${wanted}"`, () => make(pass, server, address));
}

/** Where nodes find the server; undefined, with a problem if that needs somebody, if nowhere. */
function addressOf({ problems, context }: Pass, server: Server): NfsAddress | undefined {
  const { namespace, names, spec } = server;
  if (!servedProtocols(spec).includes("nfs")) {
    const message =
      `DittoServer "${server.name}" does not serve NFS; set its spec.adapters.nfs.enabled to true, or remove spec.persistentVolume`;
    problems.push({ aspect: ASPECT, reason: "NfsOff", message, stalled: true });
    return undefined;
  }
  const name = names.adapterService("nfs");
  const service = context.servers.services.cache.get(makeKey(namespace, name));
  const { clusterIP, ports } = service?.spec ?? {};
  const port = ports?.find(({ name }) => name === "adapter-nfs")?.port;
  if (clusterIP && clusterIP !== "None" && port) return { host: clusterIP, port };
  const message = `waiting for Service "${name}" of the server`;
  problems.push({ aspect: ASPECT, reason: "Waiting", message, stalled: false });
  return undefined;
}

async function make(pass: Pass, server: Server, address: NfsAddress): Promise<void> {
  const { share, context: { kinds, writer } } = pass;
  const claimName = claimNameOf(share) ?? "";
  const claim = kinds.claims.cache.get(makeKey(share.namespace, claimName));
  const kept = keptOf(share, claim);
  const volume = persistentVolumeOf(share, address, kept);
  const live = kinds.volumes.cache.get(volume.metadata?.name ?? "");
  const pending = (what: string) => {
    const message = `PersistentVolume${what}`;
    pass.problems.push({ aspect: ASPECT, reason: "ClaimPending", message, stalled: false });
  };
  const useless = live !== undefined && isUseless(live, address, claim);
  if (useless) {
    const left = live.metadata.deletionTimestamp ? live : await writer.delete(kinds.volumes, live);
    // What is held by somebody ends later, and that brings the next look.
    if (left) return pending(` "${live.metadata.name}" is being deleted, and is then made again`);
  }
  if (claim?.metadata.deletionTimestamp) {
    return pending(
      `Claim "${claimName}" is being deleted, and is made again when no pod uses it any more`,
    );
  }
  const at = useless ? undefined : live?.spec?.nfs?.server;
  if (at !== undefined && at !== address.host) {
    const message =
      `DittoServer "${server.name}" is at ${address.host} now, and PersistentVolume "${volume.metadata?.name}" leads to ${at} for good; delete PersistentVolumeClaim "${claimName}" and the pods that use it, and both are made again`;
    pass.problems.push({ aspect: ASPECT, reason: "ServerMoved", message, stalled: true });
    return;
  }
  const { status } = await writer.apply(kinds.volumes, volume, labelsOf(share));
  // A claim that comes before its volume is known waits for a quarter of a minute.
  const isKnown = claim !== undefined || status?.phase === "Available";
  const made = isKnown ? await writer.apply(kinds.claims, claimOf(share, kept)) : undefined;
  if (made?.status?.phase === "Bound") pass.inOrder[ASPECT] = { reason: "Bound" };
  else pending(`Claim "${claimName}" is not bound yet`);
}

/** Whether a volume can never be what its claim needs, and nobody has it. */
function isUseless(
  { metadata, spec, status }: Live<PersistentVolume>,
  { host }: NfsAddress,
  claim: PersistentVolumeClaim | undefined,
): boolean {
  if (metadata.deletionTimestamp) return true;
  if (status?.phase === "Released" || status?.phase === "Failed") return true;
  return claim === undefined && spec?.nfs?.server !== host;
}

/** Takes away claims of another name than `wanted`, and volumes that lead to no wanted claim. */
async function prune(pass: Pass, wanted: string | undefined): Promise<void> {
  const { context: { kinds, writer } } = pass;
  for (const claim of claimsOf(pass)) {
    if (claim.metadata.name === wanted || claim.metadata.deletionTimestamp) continue;
    await writer.delete(kinds.claims, claim);
  }
  for (const volume of volumesOf(pass)) {
    const isWanted = wanted !== undefined && volume.spec?.claimRef?.name === wanted;
    if (isWanted || volume.metadata.deletionTimestamp) continue;
    await writer.delete(kinds.volumes, volume);
  }
}

/**
 * Takes all of it away. Returns the claim that pods still use, if any: Kubernetes keeps it, and
 * with it the volume, for as long as they do.
 */
export async function removeVolume(pass: Pass): Promise<Live<PersistentVolumeClaim> | undefined> {
  await prune(pass, undefined);
  return claimsOf(pass)[0];
}

function claimsOf({ share, context: { kinds } }: Pass): Live<PersistentVolumeClaim>[] {
  return kinds.claims.cache.byIndex(BY_OWNER, share.uid);
}

function volumesOf({ share, context: { kinds } }: Pass): Live<PersistentVolume>[] {
  return kinds.volumes.cache.byIndex(BY_SHARE, share.uid);
}

async function attempt(pass: Pass, step: string, act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    pass.problems.push(writeFailureOf(ASPECT, step, error));
  }
}
