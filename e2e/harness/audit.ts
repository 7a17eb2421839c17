// Questions to a Kubernetes audit log: which requests did this client send between A and B?
// The log is a file of JSON lines that the API server appends to while we read, so an unfinished
// last line is left for the next look, and the file is streamed because a long run fills 100 MB.

import { z } from "zod";
import { until } from "./poll.ts";

/** One request, as the API server saw it. */
export interface AuditRecord {
  /** The same for the begin and the end of one long-running request. */
  readonly id: string;
  readonly verb: string;
  readonly user: string;
  readonly userAgent: string;
  /** When the request came in, in milliseconds since the epoch. */
  readonly at: number;
  readonly uri: string;
  /** HTTP status of the answer. */
  readonly code: number;
  /** Empty strings where the request has none of it. */
  readonly group: string;
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
}

/** All given conditions must hold. */
export interface AuditQuery {
  /** Prefix of the user agent, as in `dittofs-operator/`. */
  readonly userAgent?: string;
  /** A part of the user agent or of the URI. */
  readonly mentions?: string;
  readonly user?: string;
  /** First moment, in milliseconds since the epoch. */
  readonly from?: number;
  /** First moment that no longer counts. */
  readonly until?: number;
  readonly verbs?: readonly string[];
  /** Plural name, as in `configmaps`; with a subresource `statefulsets/status`. */
  readonly resource?: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly withoutLeases?: boolean;
  readonly withoutWatches?: boolean;
}

/** The verbs that change something. */
export const writeVerbs: readonly string[] = [
  "create",
  "update",
  "patch",
  "delete",
  "deletecollection",
];

const event = z.object({
  auditID: z.string(),
  verb: z.string(),
  requestURI: z.string(),
  requestReceivedTimestamp: z.string(),
  userAgent: z.string().default(""),
  user: z.object({ username: z.string().default("") }),
  objectRef: z.object({
    apiGroup: z.string().default(""),
    resource: z.string().default(""),
    subresource: z.string().default(""),
    namespace: z.string().default(""),
    name: z.string().default(""),
  }).default({ apiGroup: "", resource: "", subresource: "", namespace: "", name: "" }),
  responseStatus: z.object({ code: z.number().default(0) }).default({ code: 0 }),
});

/** Reads one line of the log. */
export function parseAuditLine(line: string): AuditRecord {
  const parsed = event.parse(JSON.parse(line));
  const { apiGroup: group, ...reference } = parsed.objectRef;
  return {
    id: parsed.auditID,
    verb: parsed.verb,
    user: parsed.user.username,
    userAgent: parsed.userAgent,
    at: Date.parse(parsed.requestReceivedTimestamp),
    uri: parsed.requestURI,
    code: parsed.responseStatus.code,
    group,
    ...reference,
  };
}

/** Whether the record answers the query. */
export function matches(record: AuditRecord, query: AuditQuery): boolean {
  const resource = record.subresource
    ? `${record.resource}/${record.subresource}`
    : record.resource;
  const isLease = record.group === "coordination.k8s.io" && record.resource === "leases";
  return record.userAgent.startsWith(query.userAgent ?? "") &&
    `${record.userAgent} ${record.uri}`.includes(query.mentions ?? "") &&
    (query.user === undefined || record.user === query.user) &&
    record.at >= (query.from ?? -Infinity) &&
    record.at < (query.until ?? Infinity) &&
    (query.verbs?.includes(record.verb) ?? true) &&
    (query.resource === undefined || resource === query.resource) &&
    (query.namespace === undefined || record.namespace === query.namespace) &&
    (query.name === undefined || record.name === query.name) &&
    !(query.withoutLeases && isLease) &&
    !(query.withoutWatches && record.verb === "watch");
}

/**
 * Texts without which no line answers the query: to look for them costs a hundredth of reading the
 * line. Those with characters that JSON may escape are left out.
 */
function wordsOf({ userAgent, mentions, user, namespace, name }: AuditQuery): string[] {
  return [userAgent, mentions, user, namespace, name]
    .flatMap((word) => word !== undefined && /^[\w./:-]+$/.test(word) ? [word] : []);
}

/** One line per request, for the message of a failed assertion. */
export function describe(records: readonly AuditRecord[]): string {
  return records.map((r) => `${new Date(r.at).toISOString()} ${r.code} ${r.verb} ${r.uri}`)
    .join("\n");
}

/** The audit log of one API server. */
export class AuditLog {
  readonly #mark: ((word: string) => Promise<void>) | undefined;
  /** How far anybody has read: what comes later in the log is not older. */
  #read = 0;

  /**
   * @param path the file that the API server appends to; one that does not exist yet is empty
   * @param mark sends any request with this word in its user agent or URL. With it
   * {@link requests} is complete: the log is written in order, so when the mark is in it,
   * everything answered before is too.
   */
  constructor(readonly path: string, mark?: (word: string) => Promise<void>) {
    this.#mark = mark;
  }

  /** The requests that answer the query, in the order of the log, each once. */
  async requests(query: AuditQuery): Promise<AuditRecord[]> {
    await this.#settle();
    return await this.#next(new Cursor(this.path), query);
  }

  /** Waits until at least `count` requests answer the query, and returns them. */
  async waitFor(
    query: AuditQuery,
    options: { readonly within: number; readonly count?: number },
  ): Promise<AuditRecord[]> {
    return await this.#waitFor(new Cursor(this.path), query, options);
  }

  /**
   * Waits until no request has answered the query for `quietFor` milliseconds, counted from the
   * last such request, or from now if there was none after now.
   */
  async waitForQuiet(
    query: AuditQuery,
    options: { readonly quietFor: number; readonly within: number },
  ): Promise<void> {
    // What was read before now cannot be after it.
    const cursor = new Cursor(this.path, this.#read);
    const { quietFor, within } = options;
    let last = Date.now();
    await until(`quiet for ${quietFor / 1000} s: ${JSON.stringify(query)}`, async () => {
      const now = Date.now();
      for (const record of await this.#next(cursor, query)) last = Math.max(last, record.at);
      return now - last >= quietFor;
    }, { within, every: 100 });
  }

  async #settle(): Promise<void> {
    if (this.#mark === undefined) return;
    const mentions = `audit-mark-${crypto.randomUUID()}`;
    const cursor = new Cursor(this.path, this.#read);
    await this.#mark(mentions);
    await this.#waitFor(cursor, { mentions }, { within: 10_000 });
  }

  async #waitFor(
    cursor: Cursor,
    query: AuditQuery,
    { count = 1, within }: { readonly within: number; readonly count?: number },
  ): Promise<AuditRecord[]> {
    const found: AuditRecord[] = [];
    return await until(`${count} requests like ${JSON.stringify(query)}`, async () => {
      found.push(...await this.#next(cursor, query));
      return found.length >= count ? found : undefined;
    }, { within });
  }

  async #next(cursor: Cursor, query: AuditQuery): Promise<AuditRecord[]> {
    const found = await cursor.next(query);
    this.#read = Math.max(this.#read, cursor.offset);
    return found;
  }
}

/** A place in the log, always at the begin of a line; `next` reads what was appended since. */
class Cursor {
  #offset: number;
  readonly #seen = new Set<string>();

  constructor(readonly path: string, start = 0) {
    this.#offset = start;
  }

  get offset(): number {
    return this.#offset;
  }

  async next(query: AuditQuery): Promise<AuditRecord[]> {
    const found: AuditRecord[] = [];
    const words = wordsOf(query);
    for await (const line of this.#lines()) {
      if (!words.every((word) => line.includes(word))) continue;
      const record = parseAuditLine(line);
      // A watch stands in the log twice, when it begins and when it ends.
      if (!matches(record, query) || this.#seen.has(record.id)) continue;
      this.#seen.add(record.id);
      found.push(record);
    }
    return found;
  }

  async *#lines(): AsyncGenerator<string> {
    using file = await openIfPresent(this.path);
    if (!file) return;
    await file.seek(this.#offset, Deno.SeekMode.Start);
    const chunk = new Uint8Array(1 << 18);
    let rest = new Uint8Array();
    let size: number | null;
    while ((size = await file.read(chunk)) !== null) {
      const bytes = new Uint8Array(rest.length + size);
      bytes.set(rest);
      bytes.set(chunk.subarray(0, size), rest.length);
      const end = bytes.lastIndexOf(newline) + 1;
      this.#offset += end;
      rest = bytes.subarray(end);
      if (end > 0) yield* utf8.decode(bytes.subarray(0, end - 1)).split("\n");
    }
  }
}

const newline = 10;
const utf8 = new TextDecoder();

async function openIfPresent(path: string): Promise<Deno.FsFile | undefined> {
  try {
    return await Deno.open(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
