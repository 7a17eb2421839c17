// `status.managed`: what of the server's database comes from this resource.
//
// It is written before it is made true, and what is not wanted any more stays in it until it is
// known to be gone from the server. So a crash at any moment leaves nothing behind on a server
// that nobody remembers, and nothing of anybody else's is ever removed.

import type { DittoServerSpec, DittoServerStatus } from "../../api/dittoserver.ts";
import type { Findings } from "./rest/findings.ts";
import { PROVIDERS, wantedProvider } from "./rest/identity_providers.ts";
import { wantedPolicies } from "./rest/snapshot_policies.ts";

/** Bound of `status.managed.snapshotPolicies` in the schema. */
const POLICIES_AT_MOST = 256;

type Managed = NonNullable<DittoServerStatus["managed"]>;

/** What it follows from. */
export interface ManagedFacts {
  readonly spec: DittoServerSpec;
  /** Whether anything is changed on the server at all. */
  readonly enforce: boolean;
  /** UID of the pod that there is. */
  readonly podUid: string | undefined;
  readonly findings: Findings | undefined;
  readonly before: DittoServerStatus | undefined;
}

/** The next `status.managed`; undefined if nothing on the server comes from here. */
export function managedStatus(facts: ManagedFacts): Managed | undefined {
  const snapshotPolicies = policies(facts);
  const identityProviders = providers(facts);
  const restart = pendingRestart(facts);
  if (snapshotPolicies.length + identityProviders.length === 0 && !restart) return undefined;
  return {
    ...(snapshotPolicies.length > 0 && { snapshotPolicies }),
    ...(identityProviders.length > 0 && { identityProviders }),
    ...(restart !== undefined && { restart }),
  };
}

function policies({ spec, enforce, findings, before }: ManagedFacts): string[] {
  const claimed = before?.managed?.snapshotPolicies ?? [];
  const wanted = wantedPolicies(spec).map(({ share }) => share)
    .filter((share) => enforce || claimed.includes(share));
  const left = claimed.filter((share) =>
    !wanted.includes(share) && !findings?.released.includes(`share ${share}`)
  );
  return [...wanted, ...left].slice(0, POLICIES_AT_MOST);
}

function providers(
  { spec, enforce, findings, before }: ManagedFacts,
): NonNullable<Managed["identityProviders"]> {
  return PROVIDERS.flatMap((type) => {
    const claim = before?.managed?.identityProviders?.find((each) => each.type === type);
    const wanted = wantedProvider(type, spec) !== undefined && (enforce || claim);
    if (!wanted && (!claim || findings?.released.includes(type))) return [];
    const applied = findings?.applied[type] ?? claim?.applied;
    return [{ type, ...(applied !== undefined && { applied }) }];
  });
}

/** The pod that has to be replaced, until it is. */
function pendingRestart({ findings, podUid, before }: ManagedFacts): string | undefined {
  if (podUid === undefined) return undefined;
  const asked = findings?.podUid === podUid && findings.restart !== undefined;
  return asked || before?.managed?.restart === podUid ? podUid : undefined;
}
