// Sees to LDAP and Kerberos.
//
// Whose settings a provider has is noted in the status before they are written, so that after a
// crash, or years, it is known whose they are when the spec does not speak of it any more.
//
// The server takes LDAP over at once. Of Kerberos it takes most over when it starts, so a pod that
// started with other settings has to be replaced; that wish is in the status as well before the
// server gets the settings, because afterwards nothing would tell of it. A pod that started with
// the right ones keeps them, whatever somebody does to the database meanwhile.

import type { Stored } from "../../../dittofs/identity_providers.ts";
import { makeKey } from "../../../kube/object.ts";
import { readSecret } from "../../connections/secret_values.ts";
import type { ConnectedVisit, StepReport } from "./context.ts";
import { differing, drifted, wasInOrder } from "./drift.ts";
import type { Findings } from "./findings.ts";
import {
  isSwitchedOff,
  providerDifferences,
  providerDigest,
  PROVIDERS,
  type ProviderType,
  type WantedProvider,
  wantedProvider,
} from "./identity_providers.ts";
import { failed } from "./problems.ts";

/** What the step says besides. */
export interface IdentityReport extends StepReport {
  readonly applied: Findings["applied"];
  readonly released: readonly ProviderType[];
  readonly restart: Findings["restart"];
}

/** Sees to both providers. Nothing is asked while the spec speaks of none and never did. */
export async function seeToIdentityProviders(visit: ConnectedVisit): Promise<IdentityReport> {
  const done = await Promise.all(PROVIDERS.map((type) => seeTo(visit, type)));
  const findings = done.flatMap(({ finding }) => finding ?? []);
  const bad = findings.find(({ reason }) => reason !== "Applied");
  return {
    finding: bad ?? findings[0],
    settled: done.every(({ settled }) => settled ?? true),
    notes: done.some(({ notes }) => notes),
    applied: Object.fromEntries(
      done.flatMap(({ type, applied }) => applied ? [[type, applied]] : []),
    ),
    released: done.flatMap(({ type, released }) => released ? [type] : []),
    restart: done.find(({ restart }) => restart)?.restart,
  };
}

interface Done extends Partial<StepReport> {
  readonly type: ProviderType;
  readonly applied?: string;
  readonly released?: true;
  readonly restart?: Findings["restart"];
}

async function seeTo(visit: ConnectedVisit, type: ProviderType): Promise<Done> {
  const { server: { spec }, resource } = visit;
  const claim = resource.status?.managed?.identityProviders?.find((each) => each.type === type);
  const wanted = wantedProvider(type, spec);
  try {
    if (wanted) return await apply(visit, type, wanted, claim);
    if (claim || isSwitchedOff(type, spec)) return await switchOff(visit, type);
    return { type };
  } catch (error) {
    const finding = failed(type, error);
    return { type, finding, settled: finding.reason === "Refused" };
  }
}

async function apply(
  visit: ConnectedVisit,
  type: ProviderType,
  wanted: WantedProvider,
  claim: { readonly applied?: string | undefined } | undefined,
): Promise<Done> {
  const { client, enforce, before } = visit;
  const version = passwordVersion(visit, wanted);
  if (wanted.password && version === undefined) {
    const message = `${type} waits for Secret "${wanted.password.name}"`;
    return { type, finding: { reason: "Waiting", message } };
  }
  const digest = providerDigest(wanted, version);
  const known = before?.applied[type] ?? claim?.applied;
  const live = await client.identityProviders[type].get();
  const differences = live ? providerDifferences(wanted.config, live) : ["configuration"];
  const noted = visit.resource.status?.managed?.restart === visit.podUid;
  if (differences.length === 0 && known === digest) {
    const waits = type === "kerberos" && noted;
    return { type, ...(waits ? RESTART_NEEDED : APPLIED), applied: digest };
  }

  const named = differences.map((name) => `${type} has another ${name}`);
  if (
    named.length > 0 && known === digest &&
    wasInOrder(visit, "IdentityProvidersReady", "Applied")
  ) {
    drifted(visit, "identityProvider", named);
  }
  if (!enforce) {
    return { type, finding: differing(named, enforce) ?? APPLIED.finding };
  }
  const restarts = type === "kerberos" && differences.length > 0 && startedWithOthers(visit);
  if (!claim || (restarts && !noted)) {
    return {
      type,
      finding: { reason: "Waiting", message: `${type} is about to be set` },
      notes: true,
      ...(restarts && { restart: "noting" }),
    };
  }
  const stored = await put(visit, type, wanted);
  const waits = noted || (restarts && stored.restartRequired);
  return { type, ...(waits && type === "kerberos" ? RESTART_NEEDED : APPLIED), applied: digest };
}

const APPLIED = { finding: { reason: "Applied" } } as const;
const RESTART_NEEDED = { finding: { reason: "RestartNeeded" }, restart: "due" } as const;

/** Whether the pod may have started with other settings: it was never seen with these. */
function startedWithOthers({ before }: ConnectedVisit): boolean {
  return before?.applied.kerberos === undefined;
}

async function put(
  { client, context, server: { namespace } }: ConnectedVisit,
  type: ProviderType,
  { config, password, withPassword }: WantedProvider,
): Promise<Stored<unknown>> {
  const provider = client.identityProviders[type];
  if (!password) return await provider.put(config);
  const secret = await readSecret(context.api, namespace, password.name);
  return await provider.put(withPassword(secret?.text(password.key) ?? ""));
}

/** Tells one content of a Secret from another without being derived from it. */
function passwordVersion(
  { context, server: { namespace } }: ConnectedVisit,
  { password }: WantedProvider,
): string | undefined {
  if (!password) return undefined;
  const seen = context.references.cache.get(makeKey(namespace, password.name))?.metadata;
  return seen && `${seen.uid}/${seen.resourceVersion}/${password.key}`;
}

/** Ours once, or said to be off: it is switched off and then forgotten. */
async function switchOff(visit: ConnectedVisit, type: ProviderType): Promise<Done> {
  const { client, enforce } = visit;
  const live = await client.identityProviders[type].get();
  if (!live?.enabled) return { type, released: true };
  if (!enforce) return { type, finding: differing([`${type} is on`], enforce) };
  const provider = client.identityProviders[type];
  await provider.put({ ...live, enabled: false });
  return { type, released: true };
}
