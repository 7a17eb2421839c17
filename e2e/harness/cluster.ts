// Test clusters made by kind: one node in one container. A healthy cluster of the same form is
// used again; one that is not (its container has exited, its API does not answer, its form is an
// older one) is made anew, because a half-dead cluster costs more time than a new one. The user's
// kubeconfig is never touched: each cluster has a file of its own.

import { ensureNodeImage, type NodeImage } from "../images/node.ts";
import type { ClusterImage } from "../images/image.ts";
import { Cache, cacheKey, cacheRoot, removeIfPresent } from "./cache.ts";
import { hostMissingCapabilities } from "./capabilities.ts";
import { auditFile, auditPolicy, kindConfig, policyFile } from "./cluster_config.ts";
import { ClusterHealth } from "./cluster_health.ts";
import { run } from "./command.ts";
import { type Docker, ensureDocker } from "./docker.ts";
import { ensureKubectl } from "./kubectl.ts";
import { LoadedImages } from "./loaded_images.ts";
import { until } from "./poll.ts";
import type { Progress, Step } from "./progress.ts";
import { ensureTools } from "./toolchain.ts";

/** Which cluster, and who is told how it goes. */
export interface ClusterOptions {
  readonly name: string;
  readonly progress: Progress;
  readonly cache?: Cache;
}

/** A cluster that answers. */
export interface Cluster {
  readonly name: string;
  /** A file of its own, readable by its owner only. */
  readonly kubeconfig: string;
  /** A kubectl that fits the cluster. */
  readonly kubectl: string;
  /** The API server's audit log, on this machine. */
  readonly auditLog: string;
  /** False where the pod network ignores NetworkPolicy. */
  readonly enforcesNetworkPolicy: boolean;
  readonly docker: Docker;
  /** Gives images to the node; those that it has are left out. */
  loadImages(images: readonly ClusterImage[]): Promise<void>;
  /** Removes the cluster with all that is in it. */
  delete(): Promise<void>;
  /** Stops the Docker engine if this run started it and nothing runs in it; keeps the cluster. */
  close(): Promise<void>;
}

/** Where a cluster keeps its kubeconfig, audit log and configuration. */
export function clusterDirectory(name: string): string {
  return `${cacheRoot()}/clusters/${name}`;
}

/** Makes a cluster or finds it; both take an engine and a node image, which are got first. */
export async function ensureCluster(options: ClusterOptions): Promise<Cluster> {
  const { name, progress, cache = new Cache() } = options;
  const docker = await ensureDocker(progress, cache);
  const node = await ensureNodeImage(docker, progress, cache);
  const { kind } = await ensureTools(["kind"], progress, cache);
  const kubectl = await ensureKubectl(docker, node, progress, cache);
  const cluster = new KindCluster(name, kind, kubectl, docker, node, progress);
  await cache.exclusively(`cluster-${name}`, () => cluster.ensure());
  return cluster;
}

class KindCluster implements Cluster {
  private readonly directory: string;
  private readonly loaded: LoadedImages;
  private readonly health: ClusterHealth;

  constructor(
    readonly name: string,
    private readonly kind: string,
    readonly kubectl: string,
    readonly docker: Docker,
    private readonly node: NodeImage,
    private readonly progress: Progress,
  ) {
    this.directory = clusterDirectory(name);
    this.loaded = new LoadedImages(`${this.directory}/loaded.json`);
    this.health = new ClusterHealth(kubectl, this.directory);
  }

  get kubeconfig(): string {
    return `${this.directory}/kubeconfig`;
  }

  get auditLog(): string {
    return `${this.directory}/audit/${auditFile}`;
  }

  get enforcesNetworkPolicy(): boolean {
    return !this.node.built;
  }

  async ensure(): Promise<void> {
    const reduced = (await hostMissingCapabilities()).includes("CAP_SYS_RESOURCE");
    const policyDirectory = `${this.directory}/policy`;
    const config = kindConfig({
      ownNetwork: this.node.built,
      reduced,
      auditDirectory: `${this.directory}/audit`,
      policyDirectory,
    });
    const key = cacheKey({ config, policy: auditPolicy(), node: this.node.name });
    await this.progress.step(`cluster ${this.name}`, 40, async (step) => {
      const fault = await this.fault(key, step);
      if (fault === undefined) {
        step.way("found healthy");
        return;
      }
      step.detail("removing what is left of the old one");
      await this.delete();
      await Deno.mkdir(`${this.directory}/audit`, { recursive: true });
      await Deno.mkdir(policyDirectory);
      await Deno.writeTextFile(`${policyDirectory}/${policyFile}`, auditPolicy());
      await Deno.writeTextFile(`${this.directory}/kind.yaml`, config);
      await this.create(step);
      await Deno.writeTextFile(`${this.directory}/key`, key);
      step.way(`made: ${fault}`);
    });
  }

  async loadImages(images: readonly ClusterImage[]): Promise<void> {
    const container = await this.container();
    const missing = await this.loaded.missing(container?.id ?? "", images);
    if (missing.length === 0) return;
    await this.progress.step("images into the node", 10, async (step) => {
      for (const image of missing) {
        step.detail(image.name);
        await this.runKind(
          image.archive === undefined
            ? ["load", "docker-image", image.name]
            : ["load", "image-archive", image.archive],
        );
        await this.loaded.add(container?.id ?? "", image);
      }
      step.way(missing.map(({ name }) => name).join(", "));
    });
  }

  async delete(): Promise<void> {
    await this.runKind(["delete", "cluster", "--kubeconfig", this.kubeconfig]);
    await removeIfPresent(this.directory);
  }

  async close(): Promise<void> {
    await this.docker.close();
  }

  private async create(step: Step): Promise<void> {
    await this.runKind([
      "create",
      "cluster",
      `--image=${this.node.name}`,
      `--config=${this.directory}/kind.yaml`,
      `--kubeconfig=${this.kubeconfig}`,
    ], (line) => step.detail(plain(line)));
    await Deno.chmod(this.kubeconfig, 0o600);
    step.detail("waiting for the node");
    await until("the node is Ready and has a default service account", () => this.health.usable(), {
      within: 180_000,
      every: 500,
    });
  }

  /** What keeps the cluster from being used; undefined when it is healthy. */
  private async fault(key: string, step: Step): Promise<string | undefined> {
    const container = await this.container();
    if (container === undefined) return "there was none";
    if (container.state !== "running") return `the old one's container was ${container.state}`;
    const oldKey = await readIfPresent(`${this.directory}/key`);
    if (oldKey === undefined) return "the old one was not finished";
    if (oldKey !== key) return "the old one had another form";
    step.detail("asking its API server");
    if (!await this.health.answers()) return "the old one's API server did not answer";
    return await this.health.usable() ? undefined : "the old one's node was not Ready";
  }

  private async container(): Promise<{ id: string; state: string } | undefined> {
    const line = await this.docker.run([
      "ps",
      "--all",
      "--no-trunc",
      `--filter=name=^/?${this.name}-control-plane$`,
      "--format={{.ID}} {{.State}}",
    ]);
    const [id, state] = line.trim().split(" ");
    return id && state ? { id, state } : undefined;
  }

  private async runKind(
    args: readonly string[],
    onLine: (line: string) => void = () => {},
  ): Promise<void> {
    const env = { ...this.docker.env, KUBECONFIG: this.kubeconfig };
    await run(this.kind, [...args, "--name", this.name], { env, onLine });
  }
}

/** A line of kind's report without bullets and pictures. */
export function plain(line: string): string {
  return line.replace(/[^\p{L}\p{N}\p{P}\s]/gu, "").replace(/^[\s•]+|[\s.…]+$/g, "");
}

async function readIfPresent(path: string): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
