// Users and groups of a DittoFS server in memory, with the quirks that the real one has: a new user
// is enabled whatever is asked for, one of two equal numbers is a conflict or a failure, and by id
// a row can be found, changed and deleted, but has no password and is in no groups.

import { ServerUnreachableError } from "../../dittofs/errors.ts";
import type { Http, HttpAnswer, HttpRequest } from "../../dittofs/http.ts";

type Body = Readonly<Record<string, unknown>>;

/** A row of either kind. */
export interface PretendRow {
  readonly id: string;
  readonly name: string;
  readonly fields: Body;
  /** Of a user. */
  readonly password?: string;
}

/** The server. */
export class PretendAccounts implements Http {
  readonly users = new Map<string, PretendRow>();
  readonly groups = new Map<string, PretendRow>();
  /** `METHOD /path` of each request so far. */
  readonly requests: string[] = [];
  /** Nobody is there. */
  down = false;
  #made = 0;

  constructor() {
    this.#reset();
  }

  /** What was asked since the last time. */
  asked(): string[] {
    return this.requests.splice(0);
  }

  /** The database is lost; what every server has is made again. */
  loseDatabase(): void {
    this.users.clear();
    this.groups.clear();
    this.#reset();
  }

  /** Somebody makes or changes a row by hand. */
  byHand(kind: "users" | "groups", name: string, fields: Body = {}): PretendRow {
    const before = this[kind].get(name);
    const row = { id: `id-${++this.#made}`, name, password: "of-somebody", ...before };
    const changed = { ...row, fields: { enabled: true, role: "user", ...row.fields, ...fields } };
    this[kind].set(name, changed);
    return changed;
  }

  close(): void {}

  async send({ method, url, body }: HttpRequest): Promise<HttpAnswer> {
    await Promise.resolve();
    const path = new URL(url).pathname.replace("/api/v1", "");
    if (this.down) throw new ServerUnreachableError("refused", "nobody is there");
    this.requests.push(`${method} ${path}`);
    const [, kind = "", token = "", part = ""] = path.split("/");
    if (kind !== "users" && kind !== "groups") throw new Error(`no such route: ${path}`);
    return this.#answer(kind, method, decodeURIComponent(token), part, JSON.parse(body ?? "{}"));
  }

  #reset(): void {
    this.byHand("users", "admin", { role: "admin", uid: 0 });
    for (const [name, gid] of Object.entries({ admins: 0, operators: 999, users: 1000 })) {
      this.byHand("groups", name, { gid });
    }
  }

  #answer(
    kind: "users" | "groups",
    method: string,
    token: string,
    part: string,
    body: Body,
  ): HttpAnswer {
    const rows = this[kind];
    if (token === "") {
      return method === "GET"
        ? json(200, [...rows.values()].map((row) => shown(kind, row)))
        : this.#create(kind, body);
    }
    const byName = rows.get(token);
    const row = byName ?? [...rows.values()].find(({ id }) => id === token);
    if (!row) return problem(404, "not found");
    if (part === "password") {
      if (!byName) return problem(500, "Failed to update password");
      rows.set(row.name, { ...row, password: String(body.new_password) });
      return json(204, undefined);
    }
    if (method === "DELETE") {
      rows.delete(row.name);
      return json(204, undefined);
    }
    if (method === "PUT") {
      if (this.#isTaken(kind, row.name, body)) return problem(500, "Failed to update");
      if (body.groups !== undefined && !byName) return problem(500, "Failed to update user groups");
      if (!this.#haveAll(body.groups)) return problem(400, "One or more groups do not exist");
      rows.set(row.name, { ...row, fields: { ...row.fields, ...body } });
    }
    return json(200, shown(kind, rows.get(row.name) ?? row));
  }

  #create(kind: "users" | "groups", body: Body): HttpAnswer {
    const { username, name = username, password, ...fields } = body;
    const key = String(name);
    if (this[kind].has(key) || this.#isTaken(kind, key, fields)) {
      return problem(409, "already exists");
    }
    if (!this.#haveAll(fields.groups)) return problem(400, "One or more groups do not exist");
    const made = { role: "user", ...fields, enabled: true };
    const id = `id-${++this.#made}`;
    const row = { id, name: key, fields: made, password: String(password) };
    this[kind].set(key, row);
    return json(201, shown(kind, row));
  }

  #isTaken(kind: "users" | "groups", name: string, body: Body): boolean {
    const number = kind === "users" ? "uid" : "gid";
    return body[number] !== undefined &&
      [...this[kind].values()].some((other) =>
        other.name !== name && other.fields[number] === body[number]
      );
  }

  #haveAll(groups: unknown): boolean {
    return !Array.isArray(groups) || groups.every((group) => this.groups.has(group));
  }
}

function shown(kind: "users" | "groups", { id, name, fields }: PretendRow): Body {
  const called = kind === "users" ? { username: name, must_change_password: false } : { name };
  return { id, ...called, ...fields };
}

function json(status: number, body: unknown): HttpAnswer {
  const headers = new Headers({ "content-type": "application/json" });
  return { status, headers, text: body === undefined ? "" : JSON.stringify(body) };
}

function problem(status: number, detail: string): HttpAnswer {
  const headers = new Headers({ "content-type": "application/problem+json" });
  return { status, headers, text: JSON.stringify({ title: "", status, detail }) };
}
