import assert from "node:assert/strict";
import { type Conditions, no, patiently, yes } from "../api/condition_reasons.ts";
import { RESOURCES } from "../api/resources.ts";
import type { Condition } from "../api/dittoserver/status.ts";
import { conditions } from "./conditions.ts";
import { GRACE_MS, happeningOf, kstatus, tooLongInMs } from "./kstatus.ts";

const TABLE: Conditions = {
  Ready: { Good: yes("It is."), Coming: no("Soon."), Stopped: patiently("Somebody stopped it.") },
  Other: { Late: no("Later.") },
};

const START = Date.UTC(2030, 0, 1);

/** A resource whose conditions are judged from time to time. */
class Story {
  now = START;
  said: Condition[] | undefined;

  /** Says something after `ms`. Returns the event, as `Type Reason: note`. */
  say(reason: string, ms = 0, stalled = false): string | undefined {
    this.now += ms;
    const standing = { ready: reason === "Good", reason, message: `${reason}.`, stalled };
    const before = this.said;
    const now = new Date(this.now);
    const statements = kstatus(TABLE, standing, { previous: before ?? [], now });
    this.said = conditions(statements, before ?? [], 1, now);
    const happening = happeningOf(TABLE, before, this.said);
    return happening && `${happening.type} ${happening.reason}: ${happening.note}`;
  }

  get reconciling() {
    return this.said?.find(({ type }) => type === "Reconciling");
  }

  get tooLongInMs() {
    return tooLongInMs(TABLE, this.said ?? [], this.now);
  }
}

Deno.test("happeningOf() tells nothing of the steps on the way to being ready", () => {
  const story = new Story();
  const steps = ["Coming", "Late", "Coming"].map((reason) => story.say(reason, 60_000));
  assert.deepEqual(steps, [undefined, undefined, undefined]);
  assert.equal(story.say("Good", 60_000), "Normal Good: Good.");
  assert.equal(story.say("Good", 60_000), undefined);
});

Deno.test("happeningOf() tells of a step that takes too long, once, and of nothing at its first sight", () => {
  const story = new Story();
  story.say("Coming");
  assert.equal(story.say("Coming", GRACE_MS - 1), undefined);
  assert.equal(story.say("Coming", 1), "Warning Coming: For more than 3 minutes: Coming.");
  assert.equal(story.reconciling?.reason, "TakingLong");
  assert.equal(story.say("Coming", 3_600_000), undefined);
});

Deno.test("happeningOf() gives each step a time of its own, also after one that took too long", () => {
  const story = new Story();
  story.say("Coming");
  story.say("Coming", GRACE_MS);
  assert.equal(story.say("Late", 1_000), undefined);
  assert.equal(story.reconciling?.reason, "Late");
  assert.equal(story.say("Late", GRACE_MS - 1), undefined);
  assert.match(story.say("Late", 1) ?? "", /^Warning Late: /);
});

Deno.test("happeningOf() tells at once of what stays so until somebody acts", () => {
  const story = new Story();
  assert.equal(story.say("Late", 0, true), "Warning Late: Late.");
  assert.equal(story.say("Late", 1_000, true), undefined);
  assert.equal(story.say("Coming", 1_000, true), "Warning Coming: Coming.");
});

Deno.test("happeningOf() tells at once, as no warning, of what somebody wants so, and never more", () => {
  const story = new Story();
  assert.equal(story.say("Stopped"), "Normal Stopped: Stopped.");
  assert.equal(story.tooLongInMs, undefined);
  assert.equal(story.say("Stopped", GRACE_MS * 10), undefined);
  assert.equal(story.reconciling?.reason, "Stopped");
});

Deno.test("tooLongInMs() is the time until an event, and there is none afterwards", () => {
  const story = new Story();
  story.say("Coming");
  assert.equal(story.tooLongInMs, GRACE_MS);
  story.say("Coming", 60_000);
  assert.equal(story.tooLongInMs, GRACE_MS - 60_000);
  story.say("Coming", GRACE_MS);
  assert.equal(story.tooLongInMs, undefined);
  story.say("Good");
  assert.equal(story.tooLongInMs, undefined);
});

const PATIENT: Readonly<Record<string, readonly string[]>> = {
  DittoServer: ["Paused", "RestartHeld"],
  DittoShare: ["ServerStopped", "ServerPaused", "Warming"],
  DittoUser: ["ServerStopped", "ServerPaused"],
  DittoGroup: ["ServerStopped", "ServerPaused"],
};

for (const { definition: { kind }, conditions: table } of RESOURCES) {
  Deno.test(`the reasons of ${kind} that may last are those that somebody wants, or that get on`, () => {
    const all = Object.values(table).flatMap((reasons) => Object.entries(reasons));
    assert.deepEqual(all.filter(([, { patient }]) => patient).map(([name]) => name), PATIENT[kind]);
  });
}
