// The Secrets that the server reads: our own are made, those of the user are looked at.

import { allEnded } from "../../kube/all_ended.ts";
import { classify, ProtocolError } from "../../kube/errors.ts";
import { controllerOf, type Live, makeKey } from "../../kube/object.ts";
import { mustBeOurs } from "../../kube/ownership.ts";
import { secrets as secretResource } from "../kinds.ts";
import { labelsOf } from "./names.ts";
import type { Pass } from "./pass.ts";
import { unreadable } from "./problem.ts";
import {
  connectionIn,
  connectionStringKey,
  databaseSecret,
  DERIVED_FROM_ANNOTATION,
  isAsWritten,
} from "./references/postgres.ts";
import { type Resolution, resolve } from "./references/resolve.ts";
import type { SecretFacts } from "./references/secret_facts.ts";
import { type SecretUse, secretUses } from "./references/secret_uses.ts";
import { adminSecret, jwtSecret, keptWithVolumes, type SecretView, viewSecret } from "./secrets.ts";
import { earlierPassword, isOfGoOperator } from "./take_over.ts";

/** What is known of the Secrets. */
export interface Secrets extends Resolution {
  readonly uses: readonly SecretUse[];
  /** The Secret with the way to PostgreSQL under the keys that the pod reads, if it is needed. */
  readonly databaseSecret: string | undefined;
}

/** Makes our own Secrets, and resolves every reference. */
export async function resolveSecrets(pass: Pass): Promise<Secrets> {
  const { server, context } = pass;
  const own = await makeOwn(pass);
  const uses = secretUses(server);
  const facts = await readAll(pass, uses, own);
  // What is known of the others is told all the same.
  const known = uses.filter(({ secret }) => facts.has(secret));
  const resolution = resolve(known, (name) => facts.get(name), new Date(context.clock.now()));
  for (const { reason, message, holdsPod } of resolution.problems) {
    pass.problems.push({
      ...{ aspect: "ReferencesResolved", reason, message, stalled: true, aside: !holdsPod },
    });
  }
  const database = await makeDatabaseSecret(pass, uses, facts);
  return { ...resolution, uses, databaseSecret: database };
}

/** Facts about Secrets by name: undefined if there is none, absent if nothing could be found out. */
type KnownSecrets = ReadonlyMap<string, SecretFacts | undefined>;

/**
 * Makes the two that the server needs before its very first start, unless the spec names others.
 * Where that fails, which is a problem of its own, nothing is known of the Secret: it may be
 * somebody else's.
 */
async function makeOwn(pass: Pass): Promise<KnownSecrets> {
  const { dry, server: { names, spec: { identity } } } = pass;
  const own = new Map<string, SecretFacts | undefined>();
  const make = (name: string, act: (pass: Pass) => Promise<Live<SecretView>>) =>
    pass.attempt("ConfigReady", `Secret "${name}"`, async () => {
      const secret = await (dry ? findOwn(pass, name) : act(pass));
      own.set(name, secret?.facts);
    });
  await Promise.all([
    ...(identity.jwt.secretRef?.name ? [] : [make(names.jwtSecret, makeJwtSecret)]),
    ...(identity.admin.passwordSecretRef ? [] : [make(names.adminSecret, makeAdminSecret)]),
    keepOperatorSecret(pass),
  ]);
  return own;
}

function makeJwtSecret({ server, context: { kinds, writer, randomBytes } }: Pass) {
  const { namespace, owner, names } = server;
  const at = { namespace, name: names.jwtSecret };
  return writer.createOnce(kinds.secrets, at, owner, () => jwtSecret(server, randomBytes));
}

/** The admin's password is kept as long as the volumes, in whose database it is. */
async function makeAdminSecret(pass: Pass): Promise<Live<SecretView>> {
  const { server, resource, context: { kinds, writer, randomBytes, api } } = pass;
  const { names, namespace, owner } = server;
  const earlier = isOfGoOperator(resource) ? await earlierPassword(api, server) : undefined;
  const build = () => adminSecret(server, randomBytes, earlier);
  const heirloom = labelsOf(server.name);
  const at = { namespace, name: names.adminSecret };
  const live = await writer.createOnce(kinds.secrets, at, owner, build, heirloom);
  return await keptLikeVolumes(pass, live);
}

/** The operator's account is made at the first login (connections/); here it is only kept. */
async function keepOperatorSecret(pass: Pass): Promise<void> {
  const { server: { namespace, names }, dry, context: { kinds } } = pass;
  const live = kinds.secrets.cache.get(makeKey(namespace, names.operatorSecret));
  if (!live || dry) return;
  const step = `Secret "${names.operatorSecret}"`;
  await pass.attempt("ConfigReady", step, () => keptLikeVolumes(pass, live));
}

/** What belongs to the data goes with the volumes, and stays as long as they do. */
async function keptLikeVolumes(
  { server, context: { kinds, writer } }: Pass,
  live: Live<SecretView>,
): Promise<Live<SecretView>> {
  const { owner } = server;
  mustBeOurs(live, owner, secretResource.kind, labelsOf(server.name));
  const ownerReferences = keptWithVolumes(server) ? [] : [owner];
  if (controllerOf(live)?.uid === ownerReferences[0]?.uid) return live;
  return await writer.patch(kinds.ownSecrets, live, { metadata: { ownerReferences } });
}

/** One of our own as it is, if it is ours; the Go operator's have no label that they are watched by. */
async function findOwn(
  { server, context: { kinds, api } }: Pass,
  name: string,
): Promise<Live<SecretView> | undefined> {
  const { namespace, owner, names } = server;
  const cached = kinds.secrets.cache.get(makeKey(namespace, name));
  const secret = cached ? undefined : await api.get(secretResource, { namespace, name });
  const live = cached ?? (secret && viewSecret(secret));
  const heirloom = name === names.adminSecret ? labelsOf(server.name) : undefined;
  if (live) mustBeOurs(live, owner, secretResource.kind, heirloom);
  return live;
}

/** Facts about each Secret that is used; of our own from the cache, of the others as read. */
async function readAll(
  { server, context, problems }: Pass,
  uses: readonly SecretUse[],
  own: KnownSecrets,
): Promise<KnownSecrets> {
  const known = new Map(own);
  const others = uses.filter(({ secret, generated }) => !generated && !own.has(secret));
  await allEnded(
    [...new Set(others.map(({ secret }) => secret))].map(async (name) => {
      const key = makeKey(server.namespace, name);
      try {
        const cached = context.kinds.secrets.cache.get(key)?.facts;
        known.set(name, cached ?? await context.secretFacts.get(key));
      } catch (error) {
        // It has just changed: there is nothing to tell before the next look.
        if (classify(error) === "conflict") throw error;
        const aside = uses.every(({ secret, operatorOnly }) => secret !== name || operatorOnly);
        problems.push({ ...unreadable("ReferencesResolved", name, error), aside });
      }
    }),
  );
  return known;
}

/** A connection string is written out into a Secret of our own, for the pod reads single keys. */
async function makeDatabaseSecret(
  pass: Pass,
  uses: readonly SecretUse[],
  facts: KnownSecrets,
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
  if (dry || (current && isAsWritten(server, live))) return name;
  const broken = pass.problems.some(({ aspect, aside }) =>
    aspect === "ReferencesResolved" && !aside
  );
  // What the pod has read is kept while it may not be replaced, and put back if it was edited.
  if (broken && !current) return name;
  await pass.attempt("ConfigReady", `Secret "${name}"`, async () => {
    const secret = await api.get(secretResource, { namespace: server.namespace, name: use.secret });
    const connection = secret && connectionIn(secret, key);
    if (!connection) throw new ProtocolError(`Secret "${use.secret}" has just changed`);
    return await writer.apply(kinds.ownSecrets, databaseSecret(server, connection, digest));
  });
  return name;
}
