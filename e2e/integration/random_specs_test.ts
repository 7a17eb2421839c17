// Random specs against the real API server and the whole operator. DITTOFS_TEST_SEED repeats a
// run; its value is printed.

import assert from "node:assert/strict";
import type { ResourceDefinition } from "../../api/crd.ts";
import { defaultedGroup } from "../../api/dittogroup.ts";
import { dittoGroupDefinition } from "../../api/dittogroup/definition.ts";
import { defaulted, type DittoServer } from "../../api/dittoserver.ts";
import { dittoServerDefinition } from "../../api/dittoserver/definition.ts";
import { defaultedShare } from "../../api/dittoshare.ts";
import { dittoShareDefinition } from "../../api/dittoshare/definition.ts";
import { defaultedUser } from "../../api/dittouser.ts";
import { dittoUserDefinition } from "../../api/dittouser/definition.ts";
import { mutated } from "../../api/testing/mutation.ts";
import { integerFrom, type Random, seeded } from "../../api/testing/random.ts";
import {
  randomGroupSpec,
  randomShareSpec,
  randomSpec,
  randomUserSpec,
} from "../../api/testing/random_spec.ts";
import type { Live } from "../../kube/object.ts";
import { print } from "../../tasks/_print.ts";
import { until } from "../harness/poll.ts";
import { type InProcess, runInProcess } from "./_in_process.ts";
import { operatorGround } from "./_operator.ts";
import type { TestPlane } from "./_plane.ts";
import { PretendServer } from "./_pretend_server.ts";
import { secretsFor } from "./_secrets_for.ts";
import { create, forAll, serversIn, type Stored, tryToCreate, type Verdict } from "./_verdict.ts";
import { assertHolds } from "./specs/_json.ts";

const SPECS = 1_000;
/** Servers that are made for real. */
const KEPT = 50;

/** What can be said of a valid server on a cluster without nodes and without Percona's operator. */
const EXPECTED = ["WaitingForPod", "Stopped", "Paused", "PerconaNotSupported"];

const seed = Number(Deno.env.get("DITTOFS_TEST_SEED") ?? integerFrom(Math.random, 1, 1e6));
const seedText = `DITTOFS_TEST_SEED=${seed}`;

let ground: TestPlane;

Deno.test.beforeAll(async () => {
  print(seedText);
  ground = await operatorGround({ controllerManager: false });
});
Deno.test.afterAll(async () => await ground[Symbol.asyncDispose]());

/** What makes valid specs of a resource, and what reads them. */
interface Made {
  readonly of: ResourceDefinition;
  readonly make: (random: Random) => object;
  readonly name: string;
  readonly read: (spec: unknown) => { readonly data?: unknown; readonly error?: unknown };
}

/** What is on a server. */
const ON_SERVERS: readonly Made[] = [
  {
    of: dittoShareDefinition,
    name: "randomShareSpec",
    make: randomShareSpec,
    read: defaultedShare,
  },
  { of: dittoUserDefinition, name: "randomUserSpec", make: randomUserSpec, read: defaultedUser },
  {
    of: dittoGroupDefinition,
    name: "randomGroupSpec",
    make: randomGroupSpec,
    read: defaultedGroup,
  },
];

const ALL: readonly Made[] = [
  { of: dittoServerDefinition, name: "randomSpec", make: randomSpec, read: defaulted },
  ...ON_SERVERS,
];

for (const { of, make, name, read } of ALL) {
  Deno.test(`${name}() is accepted ${SPECS} times and stored as it is, ${seedText}`, async () => {
    await forAll(many(seeded(seed), make), async (spec) => {
      const verdict = await tryToCreate(ground, "demo", spec, { of });
      assert.ok(verdict.accepted, `${JSON.stringify(verdict)} for ${JSON.stringify(spec)}`);
      assert.deepEqual(verdict.stored.spec, read(spec).data, JSON.stringify(spec));
      assertHolds(verdict.stored.spec, JSON.parse(JSON.stringify(spec)), "spec");
    });
  });
}

for (const { of, make, name, read } of ON_SERVERS) {
  Deno.test(`mutated() of ${name}() is refused with a message or can be read, ${SPECS} times, ${seedText}`, async () => {
    const mutants = many(seeded(seed + 1), (random) => mutated(make(random), random));
    let accepted = 0;
    await forAll(mutants, async ({ what, value }, index) => {
      const verdict = await tryToCreate(ground, `m-${index}`, value, {
        of,
        strict: index % 2 === 0,
      });
      if (!verdict.accepted) return assertRefused(what, verdict);
      accepted++;
      const { error } = read(verdict.stored.spec);
      assert.equal(error, undefined, `${what}: ${JSON.stringify(verdict.stored.spec)}`);
    });
    tell("mutations", { accepted, refused: SPECS - accepted });
    assert.ok(accepted > 50 && accepted < SPECS - 200, String(accepted));
  });
}

/** Mutations that the API server accepts, as it would store them, in the order of the seed. */
let accepted: readonly Stored[] = [];

Deno.test(`mutated() is refused with a message or handled, ${SPECS} times, ${seedText}`, async () => {
  const mutants = many(seeded(seed + 1), (random) => mutated(randomSpec(random), random));
  const refusals: Record<number, number> = {};
  const stored: Stored[] = [];
  await forAll(mutants, async ({ what, value }, index) => {
    const strict = index % 2 === 0;
    const verdict = await tryToCreate(ground, `m-${index}`, value, { strict });
    if (verdict.accepted) {
      stored[index] = verdict.stored;
      return;
    }
    assertRefused(what, verdict);
    refusals[verdict.status] = (refusals[verdict.status] ?? 0) + 1;
  });
  accepted = Object.values(stored);
  tell(`${accepted.length} mutations were accepted, and by status refused`, refusals);
  assert.ok(accepted.length > 50 && accepted.length < SPECS - 200, String(accepted.length));

  const servers = accepted.map(live);
  const pretend = new PretendServer(servers);
  const namespace = "default";
  const options = { namespace, userAgent: "random-specs", through: () => pretend };
  await using operator = await runInProcess(ground, options);
  await until(
    "the operator has looked at every mutation",
    () => pretend.statuses.size === servers.length || complaints(operator).length > 0,
    { within: 30_000 },
  );
  assert.deepEqual(complaints(operator), []);
  tell("what the operator said of them", reasons(pretend.statuses.values()));
});

Deno.test(`run makes ${KEPT} of each without a bug and without a stack, ${seedText}`, async () => {
  const namespace = "random";
  await ground.kubectl(["create", "namespace", namespace]);
  const valid = many(seeded(seed + 2), randomSpec).slice(0, KEPT);
  await forAll(valid, async (spec, index) => {
    await create(ground, `valid-${index}`, spec, { namespace });
  });
  await forAll(accepted.slice(0, KEPT), async ({ spec }, index) => {
    await create(ground, `mutant-${index}`, spec, { namespace });
  });

  const servers = async () => {
    const answer = await ground.plane.client().json(serversIn(namespace));
    return (answer as { items: Live<DittoServer>[] }).items;
  };
  // Without them most would wait for a Secret, and nothing would be made.
  await forAll(secretsFor(await servers()), async (body) => {
    const path = `/api/v1/namespaces/${namespace}/secrets`;
    await ground.plane.client().json(path, { method: "POST", body });
  });

  await using operator = await runInProcess(ground, { namespace, userAgent: "random-specs" });
  await until(
    "every server has a status",
    async () => (await servers()).every(({ status }) => status?.conditions),
    { within: 60_000 },
  );
  const bugs = operator.lines.filter((line) => /"errorClass":"bug"|\\n\s+at /.test(line));
  assert.deepEqual(bugs, []);
  const made = await servers();
  tell("what the operator said of the real ones", reasons(made.map(({ status }) => status)));
  for (const { status } of made) {
    const ready = status?.conditions?.find(({ type }) => type === "Ready");
    if (ready?.reason === "ApplyRefused") print(`refused: ${ready.message.slice(0, 300)}`);
  }
  // What the schema accepts the API server must accept too, in what is made of it.
  const refused = made
    .filter(({ metadata }) => metadata.name.startsWith("valid-"))
    .filter(({ status }) => !EXPECTED.includes(readyReason(status)))
    .map(({ spec, status }) => ({ spec, conditions: status?.conditions }));
  assert.deepEqual(refused, []);
});

/** Refused by the schema or its rules, in words. */
function assertRefused(what: string, verdict: Verdict & { accepted: false }): void {
  const told = `${what}: ${JSON.stringify(verdict)}`;
  assert.ok([400, 422].includes(verdict.status), told);
  assert.ok(verdict.causes.length > 0, told);
  for (const { message } of verdict.causes) assert.ok(message, told);
}

function many<T>(random: Random, make: (random: Random) => T): T[] {
  return Array.from({ length: SPECS }, () => make(random));
}

/** Everything that the operator could not do. */
function complaints({ lines }: InProcess): string[] {
  return lines.filter((line) => /"level":"error"|errorClass|\\n\s+at /.test(line));
}

/** An object as it would be, had it been kept. */
function live({ metadata, spec }: Stored, index: number): Live<DittoServer> {
  const identity = { uid: `uid-${index}`, resourceVersion: String(index + 1), generation: 1 };
  return {
    metadata: { ...identity, name: metadata.name, namespace: "default" },
    spec: spec as unknown as DittoServer["spec"],
  };
}

function tell(what: string, counts: Readonly<Record<string, number>>): void {
  const parts = Object.entries(counts).map(([name, count]) => `${count} ${name}`);
  print(`${what}: ${parts.join(", ")}`);
}

function readyReason(status: DittoServer["status"]): string {
  return status?.conditions?.find(({ type }) => type === "Ready")?.reason ?? "none";
}

function reasons(statuses: Iterable<DittoServer["status"]>): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const status of statuses) {
    const reason = readyReason(status);
    counts[reason] = (counts[reason] ?? 0) + 1;
  }
  return counts;
}
