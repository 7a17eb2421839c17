// References against what is there: the digests of what the pod consumes, and what is missing
// or wrong.
//
// A use with a problem has no digest, and none is made up for it. Whoever sees a problem that
// holds the pod leaves the running pod template alone: hashing without the missing value would
// restart the server twice, once when a Secret goes and once when it comes back (W14).

import { digestOf } from "../../../kube/digest.ts";
import type { Expiry } from "./certificates.ts";
import { connectionStringKey } from "./postgres.ts";
import type { KeyFacts, SecretFacts } from "./secret_facts.ts";
import type { KeyUse, SecretUse } from "./secret_uses.ts";

/** Something is missing or wrong in a Secret that the spec refers to. */
export interface ReferenceProblem {
  /** As in {@link SecretUse}. */
  readonly field: string;
  readonly secret: string;
  readonly key?: string;
  readonly reason: "SecretNotFound" | "SecretKeyMissing" | "SecretInvalid";
  /** Names Secret, key and remedy, and no value. */
  readonly message: string;
  /** No pod can start like this, so the running one is not replaced. */
  readonly holdsPod: boolean;
}

/** What became of all references of a server. */
export interface Resolution {
  /** By field, of the uses whose change replaces the pod and that have no problem. */
  readonly digests: Readonly<Record<string, string>>;
  /** In the order of the uses. */
  readonly problems: readonly ReferenceProblem[];
  /** When the next certificate expires, so that it is told when it happens. */
  readonly nextExpiry?: Date;
}

/**
 * Resolves all uses. `lookup` gives the facts of a Secret; undefined only where it is certain
 * that there is none: for what has not been read yet it has to throw.
 */
export function resolve(
  uses: readonly SecretUse[],
  lookup: (secret: string) => SecretFacts | undefined,
  now: Date,
): Resolution {
  const digests: Record<string, string> = {};
  const problems: ReferenceProblem[] = [];
  let nextExpiry = Infinity;
  for (const use of uses) {
    const facts = lookup(use.secret);
    if (!facts) {
      problems.push(notFound(use));
      continue;
    }
    const keys = keysOf(use, facts);
    const holding = [...missing(use, keys, facts), ...invalid(use, keys, facts)];
    problems.push(...holding, ...expired(use, keys, facts, now));
    if (holding.length === 0 && use.rolls) digests[use.field] = digestOfKeys(keys, facts);
    for (const end of ends(keys, facts)) {
      if (end > now.getTime()) nextExpiry = Math.min(nextExpiry, end);
    }
  }
  return {
    digests,
    problems,
    ...(nextExpiry !== Infinity && { nextExpiry: new Date(nextExpiry) }),
  };
}

/** The keys that count: the connection string alone where there is one. */
function keysOf(use: SecretUse, facts: SecretFacts): readonly KeyUse[] {
  const key = connectionStringKey(use, facts);
  return key === undefined ? use.keys : [{ key, check: "connectionString" }];
}

/** One value has its own digest, so that the hash of a server without references stays. */
function digestOfKeys(keys: readonly KeyUse[], facts: SecretFacts): string {
  const digests = Object.fromEntries(
    keys.flatMap(({ key }) => facts[key] ? [[key, facts[key].digest]] : []),
  );
  const [only, ...others] = Object.values(digests);
  return only !== undefined && others.length === 0 ? only : digestOf(digests);
}

function notFound(use: SecretUse): ReferenceProblem {
  const remedy = use.generated ? "the operator generates it" : `create it, or correct ${use.field}`;
  return problem(use, "SecretNotFound", `Secret "${use.secret}" does not exist; ${remedy}`);
}

function missing(use: SecretUse, keys: readonly KeyUse[], facts: SecretFacts): ReferenceProblem[] {
  const { secret, field, connectionString } = use;
  const absent = keys.filter(({ key, optional }) => !optional && !facts[key])
    .map(({ key }) => key);
  if (connectionString !== undefined && absent.length > 0) {
    const message =
      `Secret "${secret}" has neither a connection string (postgres://…) under "${connectionString}" nor all of host, database, user and password: without a value are ${
        absent.join(", ")
      }; add one or the other, or correct ${field}`;
    return [problem(use, "SecretKeyMissing", message, connectionString)];
  }
  return absent.map((key) => {
    const remedy = use.generated
      ? "put it back, or delete the Secret, so that the operator generates a new one"
      : `add it, or correct ${field}`;
    const message = `Secret "${secret}" has no value under "${key}"; ${remedy}`;
    return problem(use, "SecretKeyMissing", message, key);
  });
}

function invalid(use: SecretUse, keys: readonly KeyUse[], facts: SecretFacts): ReferenceProblem[] {
  return keys.flatMap(({ key, check }) => {
    const fault = facts[key]?.faults[check];
    if (fault === undefined) return [];
    const message = `"${key}" in Secret "${use.secret}" ${fault}${seeField(use)}`;
    return [problem(use, "SecretInvalid", message, key)];
  });
}

/** An expired certificate is told. It holds nothing: the server starts with it. */
function expired(
  use: SecretUse,
  keys: readonly KeyUse[],
  facts: SecretFacts,
  now: Date,
): ReferenceProblem[] {
  return keys.flatMap(({ key, check }) => {
    const end = endOf(check, facts[key]);
    if (end === undefined || end > now.getTime()) return [];
    const day = new Date(end).toISOString().slice(0, 10);
    const fault = check === "certificate"
      ? `has expired on ${day}; renew it`
      : `has only certificates that have expired, the last on ${day}; put the present ones in`;
    const message = `"${key}" in Secret "${use.secret}" ${fault}${seeField(use)}`;
    return [{ ...problem(use, "SecretInvalid", message, key), holdsPod: false }];
  });
}

function ends(keys: readonly KeyUse[], facts: SecretFacts): number[] {
  return keys.flatMap(({ key, check }) => endOf(check, facts[key]) ?? []);
}

const COUNTS: Partial<Record<KeyUse["check"], keyof Expiry>> = {
  certificate: "first",
  authorities: "last",
};

function endOf(check: KeyUse["check"], facts: KeyFacts | undefined): number | undefined {
  const which = COUNTS[check];
  return which && facts?.expiry?.[which];
}

function seeField({ field, generated }: SecretUse): string {
  return generated ? "" : ` (${field})`;
}

function problem(
  { field, secret, operatorOnly }: SecretUse,
  reason: ReferenceProblem["reason"],
  message: string,
  key?: string,
): ReferenceProblem {
  const at = { field, secret, ...(key !== undefined && { key }) };
  return { ...at, reason, message, holdsPod: !operatorOnly };
}
