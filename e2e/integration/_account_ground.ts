// The ground for tests of users and groups: a server, and what people do with their accounts.

import * as z from "zod";
import type { DittoGroup } from "../../api/dittogroup.ts";
import type { DittoUser } from "../../api/dittouser.ts";
import { until } from "../harness/poll.ts";
import type { DfsServer } from "./_dfs_server.ts";
import { read } from "./_read.ts";
import { namespace, RestGround } from "./_rest_ground.ts";

/** The server that accounts are on, unless told. */
export const SERVER = "files";

const rows = z.array(z.object({
  ...{ id: z.string(), username: z.string().optional(), name: z.string().optional() },
  ...{ uid: z.number().optional(), gid: z.number().optional(), enabled: z.boolean().optional() },
  // In the order in which they were joined, which is of no account here.
  groups: z.array(z.string()).default([]).transform((groups) => groups.toSorted()),
  display_name: z.string().optional(),
  email: z.string().optional(),
  description: z.string().optional(),
}));

/** A user or a group as an administrator sees it. */
export type HandRow = z.output<typeof rows>[number];

/** Users and groups on servers. */
export class AccountGround implements AsyncDisposable {
  private constructor(readonly rest: RestGround) {}

  static async start(): Promise<AccountGround> {
    return new AccountGround(await RestGround.start({ everywhere: true }));
  }

  server(name = SERVER): DfsServer {
    return this.rest.beside.server(namespace, name);
  }

  /** Applies resources of ours, all in one go. */
  async apply(...resources: readonly (readonly [string, string, object])[]): Promise<void> {
    const items = resources.map(([kind, name, { at = namespace, ...spec }]: Resource) => ({
      apiVersion: "dittofs.dittofs.com/v1alpha1",
      kind,
      metadata: { name, namespace: at },
      spec: kind === "DittoServer" ? spec : { serverRef: { name: SERVER }, ...spec },
    }));
    await this.rest.apply({ apiVersion: "v1", kind: "List", items });
  }

  async resource(kind: string, name: string, at = namespace): Promise<DittoUser & DittoGroup> {
    const plural = kind === "dittouser" ? "dittousers" : "dittogroups";
    return await read<DittoUser & DittoGroup>(this.rest.plane, plural, at, name);
  }

  /** Waits until Ready of the present generation has a reason; returns its message. */
  async ready(kind: string, name: string, reason = "AsWanted", at = namespace): Promise<string> {
    let last: unknown;
    try {
      return await until(`${kind} ${name} is ${reason}`, async () => {
        const { metadata, status } = await this.resource(kind, name, at);
        last = status;
        const found = status?.conditions?.find(({ type }) => type === "Ready");
        const current = found?.observedGeneration === metadata?.generation;
        return found?.reason === reason && current && found.message;
      }, { within: 60_000, every: 100 });
    } catch (cause) {
      const lines = this.rest.operator.lines.filter((line) => line.includes(name)).slice(-8);
      throw new Error(`it is ${JSON.stringify(last, null, 1)}\n${lines.join("\n")}`, { cause });
    }
  }

  /** What an administrator sees of a user or a group; undefined if there is none. */
  async row(kind: "users" | "groups", name: string, server = SERVER): Promise<HandRow | undefined> {
    const { body } = await this.server(server).byHand("GET", `/${kind}`);
    return rows.parse(body).find((row) => (row.username ?? row.name) === name);
  }

  /** Whether somebody can log in. */
  async logsIn(name: string, password: string, server = SERVER): Promise<boolean> {
    try {
      await this.server(server).login(name, password);
      return true;
    } catch (error) {
      if (error instanceof Error && / 40[13]$/.test(error.message)) return false;
      throw error;
    }
  }

  /** Has the operator compare the server, as it does from time to time. */
  check(server = SERVER): void {
    this.rest.operator.hurry(`${namespace}/${server}`);
  }

  async delete(kind: string, name: string): Promise<void> {
    await this.rest.plane.kubectl([
      ...["delete", kind, name, "--namespace", namespace, "--timeout=30s"],
    ]);
  }

  /** Paths of the operator's REST calls since the last time. */
  asked(): string[] {
    return this.rest.calls.splice(0).map((call) => call.replace(/ .*\/api\/v1/, " "));
  }

  until<T>(what: string, ask: () => Promise<T | undefined | false>): Promise<T> {
    return this.rest.until(what, ask);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.rest[Symbol.asyncDispose]();
  }
}

type Resource = readonly [string, string, { readonly at?: string }];
