// The Secrets that the server reads: our own are made, those of the user are looked at.

import type { Secret } from "../../api/kubernetes/types.ts";
import { ProtocolError } from "../../kube/errors.ts";
import { controllerOf, makeKey } from "../../kube/object.ts";
import { secrets as secretResource } from "../kinds.ts";
import { labelsOf } from "./names.ts";
import type { Pass } from "./pass.ts";
import {
  connectionIn,
  connectionStringKey,
  databaseSecret,
  DERIVED_FROM_ANNOTATION,
} from "./references/postgres.ts";
import { type Resolution, resolve } from "./references/resolve.ts";
import type { SecretFacts } from "./references/secret_facts.ts";
import { type SecretUse, secretUses } from "./references/secret_uses.ts";
import { adminSecret, jwtSecret, keptWithVolumes } from "./secrets.ts";
import { earlierPassword, isOfGoOperator } from "./take_over.ts";

/** What is known of the Secrets. */
export interface Secrets extends Resolution {
  readonly uses: readonly SecretUse[];
  /** The Secret with the way to PostgreSQL under the keys that the pod reads, if it is needed. */
  readonly databaseSecret: string | undefined;
}

/** Makes our own Secrets, and resolves every reference. */
export async function resolveSecrets(pass: Pass): Promise<Secrets> {
  const { server, context, dry } = pass;
  if (!dry) await makeOwn(pass);
  const uses = secretUses(server);
  const facts = await readAll(pass, uses);
  const resolution = resolve(uses, (name) => facts.get(name), new Date(context.clock.now()));
  for (const { reason, message, holdsPod } of resolution.problems) {
    pass.problems.push({
      ...{ aspect: "ReferencesResolved", reason, message, stalled: true, aside: !holdsPod },
    });
  }
  const database = await makeDatabaseSecret(pass, uses, facts);
  return { ...resolution, uses, databaseSecret: database };
}

/** The two that the server needs before its very first start, unless the spec names others. */
async function makeOwn(pass: Pass): Promise<void> {
  const { server, context: { kinds, writer, randomBytes } } = pass;
  const { names, namespace, owner, spec: { identity } } = server;
  const createOnce = (name: string, build: () => Secret) =>
    pass.attempt(
      "ConfigReady",
      `Secret "${name}"`,
      () => writer.createOnce(kinds.secrets, { namespace, name }, owner, build),
    );
  await Promise.all([
    ...(identity.jwt.secretRef?.name
      ? []
      : [createOnce(names.jwtSecret, () => jwtSecret(server, randomBytes))]),
    ...(identity.admin.passwordSecretRef ? [] : [makeAdminSecret(pass)]),
  ]);
}

/** The admin's password is kept as long as the volumes, in whose database it is. */
async function makeAdminSecret(pass: Pass): Promise<void> {
  const { server, resource, context: { kinds, writer, randomBytes, api } } = pass;
  const { names, namespace, owner } = server;
  const name = names.adminSecret;
  const earlier = isOfGoOperator(resource) ? await earlierPassword(api, server) : undefined;
  const build = () => adminSecret(server, randomBytes, earlier);
  await pass.attempt("ConfigReady", `Secret "${name}"`, async () => {
    const heirloom = labelsOf(server.name);
    const at = { namespace, name };
    const live = await writer.createOnce(kinds.secrets, at, owner, build, heirloom);
    const ownerReferences = keptWithVolumes(server) ? [] : [owner];
    if (controllerOf(live)?.uid === ownerReferences[0]?.uid) return;
    await writer.patch(kinds.ownSecrets, live, { metadata: { ownerReferences } });
  });
}

/** Facts about each Secret that is used; of our own from the cache, of the others as read. */
async function readAll(
  { server, context }: Pass,
  uses: readonly SecretUse[],
): Promise<ReadonlyMap<string, SecretFacts>> {
  const found = new Map<string, SecretFacts>();
  await Promise.all(
    [...new Set(uses.map(({ secret }) => secret))].map(async (name) => {
      const key = makeKey(server.namespace, name);
      const facts = context.kinds.secrets.cache.get(key)?.facts ??
        await context.secretFacts.get(key);
      if (facts) found.set(name, facts);
    }),
  );
  return found;
}

/** A connection string is written out into a Secret of our own, for the pod reads single keys. */
async function makeDatabaseSecret(
  pass: Pass,
  uses: readonly SecretUse[],
  facts: ReadonlyMap<string, SecretFacts>,
): Promise<string | undefined> {
  const { server, dry, context: { api, kinds, writer } } = pass;
  const use = uses.find(({ connectionString }) => connectionString !== undefined);
  if (!use) return undefined;
  const known = facts.get(use.secret);
  const key = connectionStringKey(use, known);
  if (key === undefined) return use.secret;
  const name = server.names.databaseSecret;
  const digest = known?.[key]?.digest ?? "";
  const live = kinds.secrets.cache.get(makeKey(server.namespace, name));
  const current = live?.metadata.annotations?.[DERIVED_FROM_ANNOTATION] === digest;
  const broken = pass.problems.some(({ aspect, aside }) =>
    aspect === "ReferencesResolved" && !aside
  );
  if (current || dry || broken) return name;
  await pass.attempt("ConfigReady", `Secret "${name}"`, async () => {
    const secret = await api.get(secretResource, { namespace: server.namespace, name: use.secret });
    const connection = secret && connectionIn(secret, key);
    if (!connection) throw new ProtocolError(`Secret "${use.secret}" has just changed`);
    return await writer.apply(kinds.ownSecrets, databaseSecret(server, connection, digest));
  });
  return name;
}
