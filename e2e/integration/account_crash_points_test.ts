// The operator dies just before or just after each of its calls about a user and a group, to the
// API server and to the real DittoFS server, is started again, and must end where it would have
// ended.

import type { KubernetesObject } from "../../kube/object.ts";
import { until } from "../harness/poll.ts";
import { AccountGround, SERVER } from "./_account_ground.ts";
import { type CrashRun, type CrashScenario, crashTests } from "./_crash_at_both.ts";
import { readAll } from "./_read.ts";
import { namespace } from "./_rest_ground.ts";

let ground: AccountGround;
Deno.test.beforeAll(async () => {
  ground = await AccountGround.start();
  await ground.rest.create(SERVER);
});
Deno.test.afterAll(async () => await ground?.[Symbol.asyncDispose]());

/** A run has a user and a group of its own, which are called after it. */
class Run implements CrashRun {
  readonly user: string;
  readonly group: string;
  readonly secret: string;

  constructor(readonly name: string, readonly number: number) {
    [this.user, this.group, this.secret] = [`user-${name}`, `group-${name}`, `secret-${name}`];
  }

  password(password: string): Promise<void> {
    return ground.rest.secret(this.secret, { password });
  }

  async apply(spec: object = {}): Promise<void> {
    const number = 10_000 + this.number;
    await ground.apply(
      ["DittoGroup", this.group, { gid: number, description: "Builders" }],
      ["DittoUser", this.user, {
        ...{ uid: number, groups: [this.group], displayName: "Alice Example" },
        ...{ passwordSecretRef: { name: this.secret }, ...spec },
      }],
    );
  }

  async delete(): Promise<void> {
    const names = [`dittouser/${this.user}`, `dittogroup/${this.group}`];
    const flags = ["--namespace", namespace, "--wait=false", "--ignore-not-found"];
    await ground.rest.plane.kubectl(["delete", ...names, ...flags]);
  }

  /** Only rows of a run are asked for by their ids, for nothing happens to the others. */
  isAlsoOurs({ pathname }: URL): boolean {
    return /\/(users|groups)\/[0-9a-f]{8}-[0-9a-f-]{27}$/.test(pathname);
  }

  async clear(): Promise<void> {
    await this.delete();
    await this.gone();
  }

  async gone(): Promise<void> {
    await until(`${this.name} is gone`, async () => {
      const state = JSON.parse(await this.state()) as { resources: unknown[]; rows: unknown[] };
      return state.resources.length === 0 && state.rows.every((row) => row === null);
    }, { within: 60_000 });
  }

  async settled(): Promise<void> {
    await ground.ready("dittouser", this.user);
    await ground.ready("dittogroup", this.group);
  }

  /** Everything of it that there is, without what is new in each run. */
  async state(): Promise<string> {
    const { plane } = ground.rest;
    const resources = [
      ...await readAll<Item>(plane, "dittousers", namespace),
      ...await readAll<Item>(plane, "dittogroups", namespace),
    ]
      .filter(({ metadata: { name } }) => name === this.user || name === this.group)
      .map(({ kind, metadata: { finalizers, deletionTimestamp }, spec, status }) => ({
        ...{ kind, finalizers, deleting: deletionTimestamp !== undefined, spec, status },
      }));
    const rows = [
      await ground.row("users", this.user),
      await ground.row("groups", this.group),
    ].map((row) => row && { ...row, id: "*" });
    const passwords: string[] = [];
    for (const password of ["first-password", "second-password"]) {
      if (await ground.logsIn(this.user, password)) passwords.push(password);
    }
    return JSON.stringify({ resources, rows, passwords }, masked, 1)
      .replaceAll(this.name, "*").replaceAll(String(10_000 + this.number), "10000")
      .replaceAll(String(20_000 + this.number), "20000");
  }
}

interface Item extends KubernetesObject {
  readonly spec: unknown;
  readonly status: unknown;
}

const VOLATILE = new Set(["id", "resourceVersion", "secretUID", "lastTransitionTime"]);

function masked(field: string, value: unknown): unknown {
  if (VOLATILE.has(field)) return "*";
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

const withPassword = (run: Run) => run.password("first-password");

const made = async (run: Run) => {
  await run.apply();
  await run.settled();
};

const settled = (run: Run) => run.settled();

const scenarios: readonly CrashScenario<Run>[] = [
  { name: "create", prepare: withPassword, change: (run) => run.apply(), done: settled },
  {
    name: "edit",
    prepare: withPassword,
    before: made,
    change: async (run) => {
      await run.password("second-password");
      await run.apply({ uid: 20_000 + run.number, groups: ["users"], email: "a@example.com" });
    },
    done: settled,
  },
  {
    name: "delete",
    prepare: withPassword,
    before: made,
    change: (run) => run.delete(),
    done: (run) => run.gone(),
  },
];

crashTests(
  "an account",
  () => ground.rest,
  scenarios,
  (name, number) => new Run(name, number),
);
