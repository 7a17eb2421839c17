// The Secrets that the server reads: our own are made, those of the user are looked at.

import { makeKey } from "../../kube/object.ts";
import type { ReconcileContext } from "./context.ts";
import type { Pass } from "./pass.ts";
import { databaseSecretOf } from "./references/postgres.ts";
import { resolve } from "./references/resolve.ts";
import type { SecretFacts } from "./references/secret_facts.ts";
import { secretUses } from "./references/secret_uses.ts";
import { adminSecret, jwtSecret } from "./secrets.ts";
import { earlierPassword, isOfGoOperator } from "./take_over.ts";

/** What is known of the Secrets. */
export interface ResolvedSecrets {
  /** Digests of what the pod reads at its start, by the field that names it. */
  readonly digests: Readonly<Record<string, string>>;
  /** The Secret with the way to PostgreSQL, under the keys that the pod reads. */
  readonly databaseSecret: string | undefined;
}
