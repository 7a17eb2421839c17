// A connection to each server that runs, for whoever has something to say to it.
//
// What a connection needs is worked out anew each time it is asked for: the address from the spec
// (W18), the certificates from the Secrets that the server serves with, whether there is a pod at
// all from the caches. Only what has changed is made anew. All state is in memory: tokens, and
// that a server does not answer (W08, W16).
//
// Nobody polls through this. Whoever was told that there is no connection is called when that has
// changed.

import type { DittoServer } from "../../api/dittoserver.ts";
import { DittofsClient } from "../../dittofs/client.ts";
import type { Http, TlsFiles } from "../../dittofs/http.ts";
import type { Api } from "../../kube/api.ts";
import type { Writer } from "../../kube/apply.ts";
import type { Clock, Random } from "../../kube/clock.ts";
import { classify, messageOf } from "../../kube/errors.ts";
import { type Key, keyOf, type KubernetesObject, type Live, makeKey } from "../../kube/object.ts";
import type { ServerKinds } from "../dittoserver/kinds.ts";
import { labelsOf } from "../dittoserver/names.ts";
import { paused } from "../dittoserver/paused.ts";
import type { PodView } from "../dittoserver/pod_view.ts";
import { adminPasswordRef, encoded, type RandomBytes } from "../dittoserver/secrets.ts";
import type { Server } from "../dittoserver/server.ts";
import { apiScheme } from "../dittoserver/status_endpoints.ts";
import { Circuit } from "./circuit.ts";
import {
  ACCOUNT,
  GO_ACCOUNT,
  GO_KEYS,
  operatorSecret,
  PASSWORD_KEY,
  USERNAME_KEY,
} from "./credentials.ts";
import { LoginRefusedError } from "./errors.ts";
import { readSecret } from "./secret_values.ts";
import { type Serving, servingServer } from "./serving.ts";
import { type Credentials, Session } from "./session.ts";
import { type Facts, NO_TLS, type TlsDigest, tlsDigest, tlsFiles } from "./tls.ts";

/** A connection with a valid token, and to what. */
export interface Connection {
  readonly client: DittofsClient;
  /** The same server in the name of whoever has an access token. */
  readonly as: (token: string) => DittofsClient;
  /** As it was when the connection was asked for. */
  readonly server: Server;
  readonly resource: Live<DittoServer>;
  /** Of the pod that answers: what was found out about another one may not be so any more. */
  readonly podUid: string;
}

/** Makes the way to a server with these certificates. */
export type HttpFactory = (tls: TlsFiles) => Http;

/** What connections are made with. */
export interface ConnectionsOptions {
  readonly api: Api;
  readonly writer: Writer;
  readonly kinds: Pick<ServerKinds, "servers" | "pods" | "secrets" | "ownSecrets">;
  /** Facts about the Secrets that users name. */
  readonly secretFacts: Facts;
  readonly http: HttpFactory;
  readonly clock: Clock;
  readonly random: Random;
  readonly randomBytes: RandomBytes;
}

/** Is told the key of a server. */
type Listener = (serverKey: Key) => void;

/** What a connection is held for; with anything else it is made anew. */
interface Terms {
  readonly baseUrl: string;
  readonly tls: TlsDigest;
}

/** What is held of one server. */
interface Held extends Terms {
  readonly made: Promise<{ readonly circuit: Circuit; readonly session: Session }>;
  podUid: string;
  /** Digests of the passwords with which the last login was tried. */
  passwords: Passwords;
  /** Whether nothing might be changed when it was last asked for. */
  paused: boolean;
}

interface Passwords {
  readonly own: string | undefined;
  readonly admin: string | undefined;
}

/** Connections to all servers. */
export class Connections {
  readonly #options: ConnectionsOptions;
  /** By the UID of the server, so that one of the same name inherits nothing (W53). */
  readonly #held = new Map<string, Held>();
  readonly #changed: Listener[] = [];
  readonly #checked: Listener[] = [];
  /** One for all servers without certificates of their own. */
  #plain: Http | undefined;

  constructor(options: ConnectionsOptions) {
    this.#options = options;
    const { servers, pods } = options.kinds;
    pods.cache.onChange(({ old, now, initial }) => {
      if (initial || answering(old) === answering(now)) return;
      const key = serverOfPod(now ?? old);
      if (key !== undefined) this.#notify(key);
    });
    servers.cache.onChange(({ old, now }) => {
      if (old && !now) this.forget(old.metadata.uid);
    });
  }

  /**
   * A connection with a valid token of the operator's own account, which may do everything.
   *
   * @throws {NotServingError} if there is nobody to ask
   * @throws {ServerUnreachableError} if the server does not answer, or did not when last asked
   * @throws {LoginRefusedError} if the server does not let the operator in
   * @throws {ClientCertificateMissingError} if the operator cannot show who it is
   */
  async open(serverKey: Key): Promise<Connection> {
    const serving = servingServer(this.#options.kinds, serverKey);
    const { session } = await this.#current(serving);
    await session.token();
    return { ...serving, client: session.client, as: (token) => session.as(token) };
  }

  /**
   * The same, and also where everybody else is told that the server does not answer, or lets
   * nobody in: it is tried. For the one that sees to a server from time to time.
   */
  async probe(serverKey: Key): Promise<Connection> {
    const serving = servingServer(this.#options.kinds, serverKey);
    const { circuit, session } = await this.#current(serving);
    if (circuit.error) await this.#knock(serving, circuit);
    session.forgetRefusal();
    return await this.open(serverKey);
  }

  /**
   * Milliseconds until the server with a UID, which does not answer, should be probed again; 0 if
   * that is not what is wrong.
   */
  async probeInMs(uid: string): Promise<number> {
    const made = await this.#held.get(uid)?.made;
    return Math.max(0, made?.circuit.probeInMs ?? 0);
  }

  /** Calls back with each server whose connection was lost, or may be there again. */
  onChange(listener: Listener): void {
    this.#changed.push(listener);
  }

  /** Calls back with each server that is compared with what should be, from time to time. */
  onCheck(listener: Listener): void {
    this.#checked.push(listener);
  }

  /** It is time to compare a server with what should be. */
  check(serverKey: Key): void {
    for (const listener of this.#checked) listener(serverKey);
  }

  /** Nothing is known any more of the server with this UID. */
  forget(uid: string): void {
    const held = this.#held.get(uid);
    this.#held.delete(uid);
    if (held) close(held);
  }

  /** Ends everything, also what is under way. Whoever asks afterwards begins anew. */
  close(): void {
    for (const uid of [...this.#held.keys()]) this.forget(uid);
    this.#plain?.close();
    this.#plain = undefined;
  }

  #notify(serverKey: Key): void {
    for (const listener of this.#changed) listener(serverKey);
  }

  /** Sends the one request that may be sent to a server that does not answer. */
  async #knock({ server }: Serving, circuit: Circuit): Promise<void> {
    const { clock } = this.#options;
    const http: Http = { send: (request) => circuit.probe(request), close: () => {} };
    await new DittofsClient({ http, baseUrl: baseUrlOf(server), clock }).health.live();
  }

  /** Circuit and session of a server on today's terms. */
  async #current({ resource, server, podUid }: Serving) {
    const { secretFacts } = this.#options;
    const { uid } = resource.metadata;
    const terms = { baseUrl: baseUrlOf(server), tls: await tlsDigest(server, secretFacts) };
    const passwords = await this.#passwords(server);
    const isPaused = paused(resource);
    const before = this.#held.get(uid);
    if (before && before.baseUrl === terms.baseUrl && before.tls === terms.tls) {
      const { circuit, session } = await before.made;
      // What was found out about another pod says nothing about this one.
      if (before.podUid !== podUid) circuit.reset();
      if (differ(before.passwords.own, passwords.own)) session.logOut();
      if (differ(before.passwords.admin, passwords.admin)) session.forgetRefusal();
      // A login may now do what it could not.
      if (before.paused && !isPaused) session.logOut();
      Object.assign(before, { podUid, passwords, paused: isPaused });
      return { circuit, session };
    }
    const made = this.#make(resource, server, terms);
    const held: Held = { ...terms, podUid, passwords, paused: isPaused, made };
    this.#held.set(uid, held);
    if (before) close(before);
    try {
      return await held.made;
    } catch (error) {
      if (this.#held.get(uid) === held) this.#held.delete(uid);
      throw error;
    }
  }

  async #make(resource: Live<DittoServer>, server: Server, { baseUrl, tls }: Terms) {
    const { api, clock, random, http } = this.#options;
    const way = tls === NO_TLS ? this.#shared() : http(await tlsFiles(server, api));
    const key = keyOf(resource);
    const circuit = new Circuit(way, { clock, random, onChange: () => this.#notify(key) });
    const session = new Session({
      ...{ http: circuit, baseUrl, clock },
      credentials: async () => {
        const credentials = await this.#credentials(server);
        const held = this.#held.get(resource.metadata.uid);
        // It has just been made, perhaps.
        if (held) held.passwords = await this.#passwords(server);
        return credentials;
      },
      adminPassword: () => this.#adminPassword(server),
      mayChange: () => !this.#isPaused(server),
      loggedIn: (client, { username }) => this.#takeOver(client, server, username),
      recovered: () => this.#notify(key),
    });
    return { circuit, session };
  }

  #shared(): Http {
    const plain = this.#plain ??= this.#options.http({});
    return { send: (request) => plain.send(request), close: () => {} };
  }

  /** As of now: a connection is held for longer than a pause lasts. */
  #isPaused({ namespace, name }: Server): boolean {
    const resource = this.#options.kinds.servers.cache.get(makeKey(namespace, name));
    return resource !== undefined && paused(resource);
  }

  /** The account's Secret, made if need be. */
  async #credentials(server: Server): Promise<Credentials> {
    const { api, writer, kinds, randomBytes } = this.#options;
    const { namespace, name, owner, names } = server;
    const at = { namespace, name: names.operatorSecret };
    const build = () => operatorSecret(server, randomBytes);
    const isPaused = this.#isPaused(server);
    try {
      if (!isPaused) await writer.createOnce(kinds.secrets, at, owner, build, labelsOf(name));
    } catch (error) {
      const [what, failure] = [messageOf(error), classify(error)];
      if (failure !== "invalid" && failure !== "forbidden") throw error;
      throw new LoginRefusedError(`there can be no account: ${what}`, { cause: error });
    }
    const values = await readSecret(api, namespace, at.name);
    const password = values?.text(PASSWORD_KEY);
    if (password === undefined) {
      throw new LoginRefusedError(
        isPaused
          ? `Secret "${at.name}" has no ${PASSWORD_KEY}, and while the DittoServer is paused none is made`
          : `Secret "${at.name}" has no ${PASSWORD_KEY}; delete it, and the operator makes a new one`,
      );
    }
    return { username: values?.text(USERNAME_KEY), password };
  }

  async #adminPassword(server: Server): Promise<string | undefined> {
    const { name, key } = adminPasswordRef(server);
    return (await readSecret(this.#options.api, server.namespace, name))?.text(key);
  }

  async #passwords(server: Server): Promise<Passwords> {
    const { namespace, names } = server;
    const { kinds: { secrets }, secretFacts } = this.#options;
    const digest = async (name: string, key: string) => {
      const at = makeKey(namespace, name);
      const facts = secrets.cache.get(at)?.facts ?? await secretFacts.get(at);
      return facts?.[key]?.digest;
    };
    const admin = adminPasswordRef(server);
    return {
      own: await digest(names.operatorSecret, PASSWORD_KEY),
      admin: await digest(admin.name, admin.key),
    };
  }

  /** Takes away what the Go operator had: its account, and what it kept beside the password. */
  async #takeOver(
    client: DittofsClient,
    server: Server,
    username: string | undefined,
  ): Promise<void> {
    if (username === ACCOUNT || this.#isPaused(server)) return;
    const { writer, kinds } = this.#options;
    const { namespace, names } = server;
    if (username === GO_ACCOUNT) await client.users.delete(GO_ACCOUNT);
    const live = kinds.secrets.cache.get(makeKey(namespace, names.operatorSecret));
    if (!live) return;
    const gone = Object.fromEntries(GO_KEYS.map((key) => [key, null]));
    const data = { ...gone, [USERNAME_KEY]: encoded(ACCOUNT) };
    await writer.patch(kinds.ownSecrets, live, { data });
  }
}

/** Where the REST API of a server is, worked out anew each time (W18). */
function baseUrlOf({ spec, names, namespace }: Server): string {
  const { port } = spec.controlPlane;
  return `${apiScheme(spec)}://${names.apiService}.${namespace}.svc:${port}`;
}

/** The UID of a pod that answers. */
function answering(pod: Live<PodView> | undefined): string | undefined {
  return pod?.ready && !pod.metadata.deletionTimestamp ? pod.metadata.uid : undefined;
}

function serverOfPod(pod: KubernetesObject | undefined): Key | undefined {
  const name = pod?.metadata?.labels?.instance;
  return name === undefined ? undefined : makeKey(pod?.metadata?.namespace, name);
}

/** Whether something is another one, and not only new to us. */
function differ(before: string | undefined, now: string | undefined): boolean {
  return before !== undefined && before !== now;
}

function close({ made }: Held): void {
  // What was never made has told its own failure.
  made.then(({ circuit }) => circuit.close(), () => {});
}
