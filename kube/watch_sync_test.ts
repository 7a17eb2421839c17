// The whole state: how a watch fetches it, when it must do so again, and from which version on.
// Rule numbers are those of the watch loop; watch_test.ts has the rules of its connections.

import assert from "node:assert/strict";
import { ConnectionError, ProtocolError } from "./errors.ts";
import { ByteFeed } from "./testing/byte_feed.ts";
import type { Answer } from "./testing/scripted_client.ts";
import { silence } from "./testing/silence.ts";
import { errorEvent, failure, foreignRejection, versionTooLarge } from "./testing/statuses.ts";
import { rejection } from "./testing/statuses.ts";
import { added, bookmark, deleted, initialEnd, page, thing } from "./testing/things.ts";
import { fails, open, stream, WatchRun } from "./testing/watch_run.ts";

/** The state is known at version 10, and the connection that told it has ended. */
const synced = stream(added(thing("a", 5)), initialEnd(10));
const noWatchList = fails(422);

const INITIAL = "sendInitialEvents=true";
const NOT_OLDER = "resourceVersionMatch=NotOlderThan";

/** A query does not depend on the order of its parameters. */
function sorted(request: string): string {
  const [verb = "", query = ""] = request.split(" ");
  return `${verb} ${query.split("&").sort().join("&")}`.trim();
}

const requestsOf = (run: WatchRun) => run.requests.map(sorted);
const initialFrom = (version?: number) =>
  sorted(`watch ${INITIAL}&${NOT_OLDER}${version ? `&resourceVersion=${version}` : ""}`);
const listFrom = (version?: number) =>
  sorted(`list limit=500${version ? `&resourceVersion=${version}&${NOT_OLDER}` : ""}`);
const watchFrom = (version: number) => `watch resourceVersion=${version}`;

Deno.test("watch() [rule 6] asks for no particular version at first, so that it never starts in the past", async () => {
  const run = new WatchRun([noWatchList, () => page(10, []), open()]);
  await run.clock.advance(800);
  assert.deepEqual(requestsOf(run), [initialFrom(), listFrom(), watchFrom(10)]);
  await run.stop();
});

const expired: Record<string, Answer> = {
  "a status": fails(410),
  "a status of another client": () => Promise.reject(foreignRejection(failure(410))),
  "a resolved status": () => failure(410),
  "a stream of a status": stream(failure(410)),
  "an event": stream(errorEvent(failure(410))),
  "an event after others": stream(bookmark(10), errorEvent(failure(410))),
};

for (const [shape, gone] of Object.entries(expired)) {
  Deno.test(`watch() [rule 6] takes 410 as ${shape} to sync again, not older than the last version`, async () => {
    const run = new WatchRun([
      synced,
      gone,
      stream(added(thing("b", 20)), initialEnd(21)),
      open(),
    ]);
    await run.clock.advance(800);
    assert.deepEqual(requestsOf(run), [
      initialFrom(),
      watchFrom(10),
      initialFrom(10),
      watchFrom(21),
    ]);
    assert.deepEqual(run.seen, ["sync 10: a@5", "sync 21: b@20"]);
    assert.deepEqual(run.syncs, [false, true]);
    await run.stop();
  });
}

Deno.test("watch() [rule 6] does the same with a list where there is no WatchList", async () => {
  const run = new WatchRun([
    noWatchList,
    () => page(10, [thing("a", 5)]),
    fails(410),
    () => page(21, [thing("b", 20)]),
    open(),
  ]);
  await run.clock.advance(5_000);
  assert.deepEqual(requestsOf(run).slice(2), [watchFrom(10), listFrom(10), watchFrom(21)]);
  await run.stop();
});

Deno.test("watch() [rule 6] accepts any version only after a second 410", async () => {
  const run = new WatchRun([synced, fails(410), fails(410), fails(503), synced, open()]);
  await run.clock.advance(5_000);
  assert.deepEqual(requestsOf(run), [
    initialFrom(),
    watchFrom(10),
    initialFrom(10),
    initialFrom(),
    initialFrom(),
    watchFrom(10),
  ]);
  await run.stop();
});

Deno.test("watch() [rule 6] is strict again after it had to accept any version", async () => {
  const run = new WatchRun([synced, fails(410), fails(410), synced, fails(410)]);
  await run.clock.advance(5_000);
  assert.equal(requestsOf(run).at(-1), initialFrom(10));
  await run.stop();
});

Deno.test("watch() [rule 6] takes other failures of a sync as no reason to accept any version", async () => {
  const run = new WatchRun([synced, fails(410), fails(500), fails(429), () => silence()]);
  await run.clock.advance(5_000);
  assert.deepEqual(requestsOf(run).slice(2), Array(3).fill(initialFrom(10)));
  await run.stop();
});

Deno.test("watch() follows a server whose history was set back behind its own version", async () => {
  const tooLarge: Answer = () => Promise.reject(rejection(versionTooLarge()));
  const run = new WatchRun([
    synced,
    tooLarge,
    tooLarge,
    stream(added(thing("a", 2)), initialEnd(4)),
    open(added(thing("b", 6))),
  ]);
  await run.clock.advance(10_000);
  assert.deepEqual(requestsOf(run), [
    initialFrom(),
    watchFrom(10),
    initialFrom(10),
    initialFrom(),
    watchFrom(4),
  ]);
  assert.deepEqual(run.seen, ["sync 10: a@5", "sync 4: a@2 (rewound)", "put b@6"]);
  await run.stop();
});

Deno.test("watch() [rule 9] reads a list in pages of 500 and tells the whole at once", async () => {
  const run = new WatchRun([
    noWatchList,
    () => page(10, [thing("a", 1)], "second"),
    () => page(10, [thing("b", 2)], "third"),
    () => silence(),
  ]);
  await run.clock.advance(800);
  assert.deepEqual(requestsOf(run).slice(1), [
    listFrom(),
    "list continue=second&limit=500",
    "list continue=third&limit=500",
  ]);
  assert.deepEqual(run.seen, []);
  await run.stop();
});

Deno.test("watch() [rule 9] gives the pages of a list together", async () => {
  const run = new WatchRun([
    noWatchList,
    () => page(10, [thing("a", 1)], "second"),
    () => page(10, [thing("b", 2)]),
    open(),
  ]);
  await run.clock.advance(800);
  assert.deepEqual(run.seen, ["sync 10: a@1 b@2"]);
  assert.equal(requestsOf(run).at(-1), watchFrom(10));
  await run.stop();
});

Deno.test("watch() [rule 9] begins a list again when its pages have expired, with the same version", async () => {
  const run = new WatchRun([
    noWatchList,
    () => page(10, [thing("a", 1)]),
    fails(410),
    () => page(12, [thing("a", 1)], "second"),
    fails(410),
    () => page(13, [thing("a", 1), thing("b", 13)]),
    open(),
  ]);
  await run.clock.advance(10_000);
  assert.deepEqual(requestsOf(run).slice(2), [
    watchFrom(10),
    listFrom(10),
    "list continue=second&limit=500",
    listFrom(10),
    watchFrom(13),
  ]);
  assert.deepEqual(run.seen, ["sync 10: a@1", "sync 13: a@1 b@13"]);
  await run.stop();
});

Deno.test("watch() [rule 9] gives a list up that is never answered", async () => {
  for (const silent of [({ abortSignal }) => silence(abortSignal), () => silence()] as Answer[]) {
    const run = new WatchRun([noWatchList, silent, () => page(10, []), open()]);
    await run.clock.advance(70_000);
    assert.deepEqual(run.seen, ["sync 10:"]);
    await run.stop();
  }
});

Deno.test("watch() [rule 10] uses WatchList: one stream for the state and what follows", async () => {
  const feed = new ByteFeed().lines(added(thing("a", 5)), bookmark(8), added(thing("b", 7)));
  const run = new WatchRun([() => feed.stream]);
  await run.clock.advance(800);
  assert.deepEqual(run.seen, []);
  feed.lines(initialEnd(10), added(thing("c", 11)), deleted(thing("a", 12)));
  await run.clock.settle();
  assert.deepEqual(run.seen, ["sync 10: a@5 b@7", "put c@11", "delete a@12"]);
  assert.deepEqual(requestsOf(run), [initialFrom()]);
  feed.end();
  await run.clock.settle();
  assert.equal(requestsOf(run).at(-1), watchFrom(12));
  await run.stop();
});

Deno.test("watch() [rule 10] falls back to list and watch for good where WatchList is refused", async () => {
  for (const code of [400, 405, 406, 415, 422]) {
    const run = new WatchRun([
      fails(code),
      () => page(10, []),
      fails(410),
      () => page(12, []),
      open(),
    ]);
    await run.clock.advance(5_000);
    assert.deepEqual(
      requestsOf(run),
      [initialFrom(), listFrom(), watchFrom(10), listFrom(10), watchFrom(12)],
      String(code),
    );
    await run.stop();
  }
});

Deno.test("watch() [rule 10] does not take an outage for a refusal of WatchList", async () => {
  const refused: Answer = () => Promise.reject(new ConnectionError("connection refused"));
  for (const outage of [refused, fails(503), fails(500), fails(401), fails(403), fails(404)]) {
    const run = new WatchRun([outage, synced, open()]);
    await run.clock.advance(800);
    assert.equal(requestsOf(run)[1], initialFrom());
    await run.stop();
  }
});

const unfinished: Record<string, Answer> = {
  "ends before they do": stream(added(thing("a", 5)), bookmark(9)),
  "goes silent before they do": open(added(thing("a", 5))),
  "breaks within them": () =>
    new ByteFeed().lines(added(thing("a", 5))).text('{"type":').end().stream,
  "tells of changes within them": stream(added(thing("a", 5)), deleted(thing("a", 6))),
};

for (const [what, answer] of Object.entries(unfinished)) {
  Deno.test(`watch() [rule 10] lists once if the stream of initial events ${what}`, async () => {
    const run = new WatchRun([answer, () => page(10, [thing("b", 6)]), fails(410), synced, open()]);
    await run.clock.advance(206_000);
    assert.deepEqual(requestsOf(run).slice(0, 4), [
      initialFrom(),
      listFrom(),
      watchFrom(10),
      initialFrom(10),
    ]);
    assert.equal(run.seen[0], "sync 10: b@6");
    const { error } = run.failures[0] ?? {};
    assert.ok(error instanceof ConnectionError || error instanceof ProtocolError);
    await run.stop();
  });
}

Deno.test("watch() selects by label, field and namespace in lists and in streams", async () => {
  const run = new WatchRun([noWatchList, () => page(10, [], "next"), () => page(10, []), open()], {
    namespace: "here",
    labelSelector: "app=x",
    fieldSelector: "metadata.name=y",
    metadataOnly: true,
  });
  await run.clock.advance(800);
  assert.equal(run.client.requests.length, 4);
  for (const { path, querystring, accept } of run.client.requests) {
    assert.equal(path, "/apis/test.example/v1/namespaces/here/things");
    assert.equal(querystring?.get("labelSelector"), "app=x");
    assert.equal(querystring?.get("fieldSelector"), "metadata.name=y");
    assert.match(accept ?? "", /as=PartialObjectMetadata/);
  }
  await run.stop();
});
