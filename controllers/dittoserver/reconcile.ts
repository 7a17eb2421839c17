// Makes one DittoServer true.
//
// Read from top to bottom: observe (caches only), decide and act step by step, report. A step
// that fails becomes a problem in the status and does not stop the steps that do not need it;
// the first error is thrown at the end, so that the whole is tried again.

import type { DittoServer } from "../../api/dittoserver.ts";
import type { ConfigMap, Secret, Service, StatefulSet } from "../../api/kubernetes/types.ts";
import type { Writer } from "../../kube/apply.ts";
import type { Clock } from "../../kube/clock.ts";
import { done, type Outcome } from "../../kube/controller.ts";
import type { EventRecorder } from "../../kube/events.ts";
import { type Key, type Live, makeKey } from "../../kube/object.ts";
import type { Applied, CreatedOnce, Tracked } from "../../kube/tracked.ts";
import { CONFIG_FILE, configMap } from "./config_map.ts";
import { type Problem, problemOf, SecretIncompleteError } from "./problem.ts";
import { rolloutHash } from "./rollout_hash.ts";
import {
  ADMIN_PASSWORD_KEY,
  adminSecret,
  JWT_KEY,
  jwtSecret,
  type RandomBytes,
  type SecretDigest,
} from "./secrets.ts";
import { InvalidSpecError, readServer, type Server } from "./server.ts";
import { apiService, headlessService } from "./services.ts";
import { statefulSet } from "./stateful_set.ts";
import { happeningOf, serverStatus } from "./status.ts";
import { dittoServers } from "../kinds.ts";
import { namesOf } from "./names.ts";

/** The kinds that a DittoServer is made of. */
export interface ServerKinds {
  readonly servers: Tracked<DittoServer>;
  readonly configMaps: Applied<ConfigMap>;
  readonly secrets: CreatedOnce<Secret, SecretDigest>;
  readonly services: Applied<Service>;
  readonly statefulSets: Applied<StatefulSet>;
}

/** What reconciling needs besides the key. */
export interface ReconcileContext {
  readonly kinds: ServerKinds;
  readonly writer: Writer;
  readonly events: Pick<EventRecorder, "publish">;
  readonly clock: Clock;
  readonly randomBytes: RandomBytes;
}

/** Reconciles the DittoServer of a key. */
export async function reconcileServer(context: ReconcileContext, key: Key): Promise<Outcome> {
  const resource = context.kinds.servers.cache.get(key);
  // What is being deleted takes its children with it; nothing must be made again meanwhile.
  if (!resource || resource.metadata.deletionTimestamp) return done;

  const problems: Problem[] = [];
  let server: Server | undefined;
  let configHash: string | undefined;
  try {
    server = readServer(resource);
    configHash = await makeChildren(context, server, problems);
  } catch (error) {
    if (!(error instanceof InvalidSpecError)) throw error;
    problems.push({ reason: "InvalidSpec", message: error.message, stalled: true });
  }

  // Steps run side by side; the status must not depend on which of them failed first.
  problems.sort((a, b) => (a.message < b.message ? -1 : 1));
  await report(context, resource, server, configHash, problems);
  const failed = problems.find(({ error }) => error !== undefined);
  if (failed) throw failed.error;
  const [problem] = problems;
  return problem ? { result: "stalled", reason: problem.reason } : done;
}

/** Applies every child. Returns the digest of what the pod consumes, once it is known. */
async function makeChildren(
  { kinds, writer, randomBytes }: ReconcileContext,
  server: Server,
  problems: Problem[],
): Promise<string | undefined> {
  const { names, namespace, owner } = server;
  const attempt = async <V>(step: string, act: () => Promise<V>): Promise<V | undefined> => {
    try {
      return await act();
    } catch (error) {
      problems.push(problemOf(step, error));
      return undefined;
    }
  };
  const createOnce = (name: string, build: (server: Server, random: RandomBytes) => Secret) =>
    writer.createOnce(kinds.secrets, { namespace, name }, owner, () => build(server, randomBytes));

  const config = configMap(server);
  const [applied, jwt, admin] = await Promise.all([
    attempt("ConfigMap", () => writer.apply(kinds.configMaps, config)),
    attempt("JWT Secret", () => createOnce(names.jwtSecret, jwtSecret)),
    attempt("admin Secret", () => createOnce(names.adminSecret, adminSecret)),
    attempt("headless Service", () => writer.apply(kinds.services, headlessService(server))),
    attempt("API Service", () => writer.apply(kinds.services, apiService(server))),
  ]);
  // The pod must not start before everything that it reads is there.
  if (!applied || !jwt || !admin) return undefined;
  return await attempt("StatefulSet", async () => {
    const configHash = rolloutHash(config.data?.[CONFIG_FILE] ?? "", {
      jwt: digestIn(jwt, JWT_KEY),
      admin: digestIn(admin, ADMIN_PASSWORD_KEY),
    });
    const live = kinds.statefulSets.cache.get(makeKey(namespace, names.statefulSet));
    await writer.apply(kinds.statefulSets, statefulSet(server, { configHash, live }));
    return configHash;
  });
}

function digestIn(secret: Live<SecretDigest>, key: string): string {
  const digest = secret.digests[key];
  if (digest === undefined) throw new SecretIncompleteError(secret.metadata.name, key);
  return digest;
}

async function report(
  { kinds, writer, events, clock }: ReconcileContext,
  resource: Live<DittoServer>,
  server: Server | undefined,
  configHash: string | undefined,
  problems: readonly Problem[],
): Promise<void> {
  const { name, namespace } = resource.metadata;
  const names = namesOf(name);
  const status = serverStatus(resource, {
    replicas: server?.spec.replicas,
    configHash,
    statefulSet: kinds.statefulSets.cache.get(makeKey(namespace, names.statefulSet)),
    pod: names.pod,
    problems,
    now: new Date(clock.now()),
  });
  if (await writer.applyStatus(kinds.servers, resource, status)) {
    const happening = happeningOf(resource.status, status);
    if (happening) await events.publish(dittoServers, resource, happening);
  }
}
