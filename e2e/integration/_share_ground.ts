// The ground for tests of shares: servers, and what clients and administrators do with shares.

import type { DittoShare, DittoShareStatus } from "../../api/dittoshare.ts";
import * as z from "zod";
import { run } from "../harness/command.ts";
import type { PlaneClient } from "../harness/control_plane_client.ts";
import { until } from "../harness/poll.ts";
import type { DfsServer } from "./_dfs_server.ts";
import { Nfs } from "./_nfs.ts";
import { namespace, RestGround } from "./_rest_ground.ts";

const jobs = z.object({
  items: z.array(z.object({
    metadata: z.object({ name: z.string() }),
    spec: z.object({
      template: z.object({
        spec: z.object({ containers: z.array(z.object({ command: z.array(z.string()) })) }),
      }),
    }),
    status: z.object({ conditions: z.array(z.unknown()).optional() }).optional(),
  })),
});

type Job = z.output<typeof jobs>["items"][number];

/** The server that shares are on, unless told. */
export const SERVER = "files";

/** The user that has a grant in most tests. */
export const ALICE = 1001;

/** Shares on servers. */
export class ShareGround implements AsyncDisposable {
  private constructor(readonly rest: RestGround) {}

  static async start(): Promise<ShareGround> {
    return new ShareGround(await RestGround.start({ everywhere: true }));
  }

  get server(): DfsServer {
    return this.rest.beside.server(namespace, SERVER);
  }

  /** Applies a resource that is on the server. */
  async apply(kind: string, name: string, spec: object): Promise<void> {
    await this.rest.apply({
      apiVersion: "dittofs.dittofs.com/v1alpha1",
      kind,
      metadata: { name, namespace },
      spec: { serverRef: { name: SERVER }, ...spec },
    });
  }

  async share(name: string, at = namespace): Promise<DittoShare> {
    const path = `/apis/dittofs.dittofs.com/v1alpha1/namespaces/${at}/dittoshares/${name}`;
    return await this.client.json(path) as DittoShare;
  }

  /** For what is asked again and again: starting kubectl takes longer than most answers. */
  get client(): PlaneClient {
    return this.rest.plane.plane.client();
  }

  resourceVersion(kind: string, name: string): Promise<string> {
    return this.rest.get(kind, name, "jsonpath={.metadata.resourceVersion}");
  }

  until<T>(what: string, ask: () => Promise<T | undefined | false>): Promise<T> {
    return this.rest.until(what, ask);
  }

  async status(name: string): Promise<DittoShareStatus> {
    return (await this.share(name)).status ?? {};
  }

  /** Waits until a condition of the present generation has a reason; returns its message. */
  async condition(name: string, type: string, reason: string, within = 60_000, at = namespace) {
    let last: unknown;
    try {
      return await until(`${name} has ${type} ${reason}`, async () => {
        const { metadata, status } = await this.share(name, at);
        last = status;
        const found = status?.conditions?.find((condition) => condition.type === type);
        const current = found?.observedGeneration === metadata?.generation;
        return found?.reason === reason && current && found.message;
      }, { within });
    } catch (cause) {
      const lines = this.rest.operator.lines.filter((line) => line.includes("dittoshare")).slice(
        -8,
      );
      throw new Error(`it is ${JSON.stringify(last, null, 1)}\n${lines.join("\n")}`, { cause });
    }
  }

  async ready(name: string): Promise<void> {
    await this.condition(name, "Ready", "Serving");
  }

  byHand(method: string, path: string, body?: unknown) {
    return this.server.byHand(method, path, body);
  }

  async mount(share: string, uid: number = ALICE): Promise<Nfs> {
    const port = this.server.loopback.port(12049);
    return await Nfs.mount({ port, share: `/${share}`, uid, gid: uid });
  }

  async write(share: string, file: string, content: Uint8Array, uid = ALICE): Promise<void> {
    using nfs = await this.mount(share, uid);
    await nfs.write(file, content);
  }

  async read(share: string, file: string, uid = ALICE): Promise<Uint8Array> {
    using nfs = await this.mount(share, uid);
    return await nfs.read(file);
  }

  async delete(kind: string, name: string, wait = true, at = namespace): Promise<void> {
    await this.rest.plane.kubectl([
      ...["delete", kind, name, "--namespace", at, `--wait=${wait}`, "--timeout=60s"],
    ]);
  }

  /** UID of the claim of the volume with contents. */
  contentClaim(): Promise<string> {
    return this.rest.get("pvc", `content-${SERVER}-0`, "jsonpath={.metadata.uid}");
  }

  /** The volume with contents is lost, and its claim is made anew. */
  async loseContent(): Promise<void> {
    const claim = ["pvc", `content-${SERVER}-0`, "--namespace", namespace];
    const { kubectl } = this.rest.plane;
    // Nobody here keeps it until no pod uses it.
    await kubectl(["delete", ...claim]);
    await this.server.loseBlocks();
  }

  async gone(kind: string, name: string): Promise<void> {
    await this.until(`${kind} ${name} is gone`, async () => {
      const found = ["get", kind, name, "--namespace", namespace, "--ignore-not-found"];
      return (await this.rest.plane.kubectl(found)) === "";
    });
  }

  /**
   * Does what a node would do for the Job that removes the files of a share. Returns the paths in
   * the pod that it was to remove.
   */
  async reclaim(): Promise<string[]> {
    const job = await this.until("a Job is there", async () => (await this.#openJobs())[0]);
    return await this.#perform(job);
  }

  /** The same for all that there are at present. */
  async reclaimAll(): Promise<void> {
    for (const job of await this.#openJobs()) await this.#perform(job);
  }

  async #openJobs(): Promise<Job[]> {
    const path = `/apis/batch/v1/namespaces/${namespace}/jobs`;
    const { items } = jobs.parse(await this.client.json(path));
    return items.filter(({ status }) => status?.conditions === undefined);
  }

  async #perform(job: Job): Promise<string[]> {
    const [command = "", ...args] = job.spec.template.spec.containers[0]?.command ?? [];
    const [flag = "", script = "", name = "", ...paths] = args;
    const moved = paths.map((path) => this.server.loopback.path(path));
    await run(command, [flag, script, name, ...moved], { timeout: 10_000 });
    const now = new Date().toISOString();
    const complete = { status: "True", lastTransitionTime: now, lastProbeTime: now };
    const status = {
      ...{ active: 0, completionTime: now, succeeded: 1 },
      conditions: [
        { type: "SuccessCriteriaMet", ...complete },
        { type: "Complete", ...complete },
      ],
    };
    await this.rest.plane.kubectl([
      ...["patch", "job", job.metadata.name, "--namespace", namespace, "--subresource=status"],
      ...["--type=merge", "-p", JSON.stringify({ status })],
    ]);
    return paths;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.rest[Symbol.asyncDispose]();
  }
}
