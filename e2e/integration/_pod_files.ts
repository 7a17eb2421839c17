// What a kubelet lays before a container: files from ConfigMaps and Secrets, directories that
// outlive the pod, and variables. All of it is read from the pod that the operator wanted.

import { parse, stringify } from "yaml";
import * as z from "zod";
import type { ConfigMap, Pod, Secret, Volume } from "../../api/kubernetes/types.ts";
import type { Live } from "../../kube/object.ts";
import type { Loopback } from "./_loopback.ts";
import type { TestPlane } from "./_plane.ts";

/** The container's command line and variables, as they are on this machine. */
export interface LaidOut {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Port and scheme of the API in the pod. */
  readonly api: { readonly port: number; readonly secure: boolean };
  /** File of the control plane's database on this machine. */
  readonly database: string;
}

/** What the pod refers to is not there yet, as when a kubelet says CreateContainerConfigError. */
export class MissingReferenceError extends Error {
  override readonly name = "MissingReferenceError";
}

/** Lays out the only container of the pod. */
export async function layOut(
  ground: TestPlane,
  pod: Live<Pod>,
  loopback: Loopback,
): Promise<LaidOut> {
  const [container] = pod.spec?.containers ?? [];
  if (!container) throw new Error(`pod ${pod.metadata.name} has no container`);
  const source = new Source(ground, pod.metadata.namespace ?? "");
  const mounts = container.volumeMounts ?? [];
  loopback.mounts = mounts.map(({ mountPath }) => mountPath);
  const volumes = new Map(pod.spec?.volumes?.map((volume) => [volume.name, volume]));
  for (const { name, mountPath } of mounts) {
    const directory = loopback.path(mountPath);
    const files = await source.files(volumes.get(name));
    if (files) await Deno.remove(directory, { recursive: true }).catch(() => {});
    await Deno.mkdir(directory, { recursive: true });
    for (const [path, bytes] of Object.entries(files ?? {})) {
      await Deno.writeFile(`${directory}/${path}`, bytes);
    }
  }
  const args = (container.args ?? []).map((arg) => loopback.path(arg));
  const file = args[args.indexOf("--config") + 1] ?? "";
  return { args, env: await source.variables(container.env), ...await moveConfig(file, loopback) };
}

/** Reads what pods refer to. */
class Source {
  constructor(private readonly ground: TestPlane, private readonly namespace: string) {}

  /** What the volume is made of; undefined where it is a directory for data. */
  async files(volume: Volume | undefined): Promise<Record<string, Uint8Array> | undefined> {
    if (volume?.secret) {
      const { secretName = "", items } = volume.secret;
      return itemsOf(await this.#secret(secretName), items, secretName);
    }
    if (volume?.configMap) {
      const { name = "", items } = volume.configMap;
      return itemsOf(await this.#configMap(name), items, name);
    }
    return undefined;
  }

  async variables(
    env: NonNullable<Pod["spec"]>["containers"][number]["env"] = [],
  ): Promise<Record<string, string>> {
    const values: Record<string, string> = {};
    for (const { name, value, valueFrom } of env) {
      if (value !== undefined) values[name] = value;
      const { name: secret = "", key, optional } = valueFrom?.secretKeyRef ?? {};
      if (key === undefined) continue;
      const bytes = (await this.#secret(secret))[key];
      if (bytes) values[name] = new TextDecoder().decode(bytes);
      else if (!optional) throw new MissingReferenceError(`Secret ${secret} has no key ${key}`);
    }
    return values;
  }

  async #secret(name: string): Promise<Record<string, Uint8Array>> {
    const { data = {} } = await this.#read<Secret>("secrets", name);
    return Object.fromEntries(
      Object.entries(data).map(([key, text]) => [key, Uint8Array.fromBase64(text)]),
    );
  }

  async #configMap(name: string): Promise<Record<string, Uint8Array>> {
    const { data = {} } = await this.#read<ConfigMap>("configmaps", name);
    return Object.fromEntries(
      Object.entries(data).map(([key, text]) => [key, new TextEncoder().encode(text)]),
    );
  }

  async #read<T>(plural: string, name: string): Promise<T> {
    const path = `/api/v1/namespaces/${this.namespace}/${plural}/${name}`;
    const { status, text } = await this.ground.plane.client().send(path);
    if (status === 404) throw new MissingReferenceError(`there is no ${plural}/${name}`);
    if (status !== 200) throw new Error(`${path}: ${status} ${text}`);
    return JSON.parse(text);
  }
}

function itemsOf(
  data: Readonly<Record<string, Uint8Array>>,
  items: readonly { readonly key: string; readonly path: string }[] | undefined,
  name: string,
): Record<string, Uint8Array> {
  const wanted = items ?? Object.keys(data).map((key) => ({ key, path: key }));
  return Object.fromEntries(wanted.map(({ key, path }) => {
    const bytes = data[key];
    if (!bytes) throw new MissingReferenceError(`${name} has no key ${key}`);
    return [path, bytes];
  }));
}

/** As far as this machine has something else in its place. */
const configuration = z.looseObject({
  controlplane: z.looseObject({
    port: z.number(),
    host: z.string(),
    tls: z.looseObject({ cert_file: z.string() }).optional(),
  }),
  metrics: z.looseObject({ port: z.number(), host: z.string() }).optional(),
  database: z.looseObject({ sqlite: z.looseObject({ path: z.string() }) }),
});

async function moveConfig(file: string, loopback: Loopback) {
  const config = configuration.parse(withPaths(parse(await Deno.readTextFile(file)), loopback));
  const { controlplane, metrics, database } = config;
  const api = { port: controlplane.port, secure: controlplane.tls !== undefined };
  for (const listener of [controlplane, metrics]) {
    if (!listener) continue;
    listener.host = "127.0.0.1";
    listener.port = loopback.port(listener.port);
  }
  await Deno.writeTextFile(file, stringify(config, { version: "1.1" }));
  return { api, database: database.sqlite.path };
}

function withPaths(value: unknown, loopback: Loopback): unknown {
  if (typeof value === "string") return loopback.path(value);
  if (Array.isArray(value)) return value.map((item) => withPaths(item, loopback));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, withPaths(inner, loopback)]),
  );
}
