// A DittoFS server in memory, as far as the controllers speak to one: for tests in virtual time.
// Whether the real one behaves like this is for the tests with the real one.

import { ServerUnreachableError, type UnreachableKind } from "../../dittofs/errors.ts";
import type { Http, HttpAnswer, HttpRequest } from "../../dittofs/http.ts";
import type { Clock } from "../../kube/clock.ts";
import { NFS_SETTINGS, PROVIDERS, SMB_SETTINGS } from "./_pretend_settings.ts";

interface Account {
  password: string;
  role: string;
  enabled: boolean;
  mustChange: boolean;
}

/** An adapter's row. */
export interface PretendAdapter {
  enabled: boolean;
  port: number;
  config: Record<string, unknown>;
  status: string;
  /** How often it was started. */
  starts: number;
}

type Fault = HttpAnswer | UnreachableKind | "hang" | undefined;

type Body = Record<string, unknown>;
type Config = Record<string, unknown>;

const TOKEN_SECONDS = 900;

const HEALTHY = { status: "healthy", message: "", checked_at: "" };

/** The server. */
export class PretendDfs implements Http {
  readonly accounts = new Map<string, Account>([
    ["admin", { password: "admin-password", role: "admin", enabled: true, mustChange: false }],
  ]);
  readonly adapters = new Map<string, PretendAdapter>([
    ["nfs", { enabled: true, port: 12049, config: {}, status: "healthy", starts: 1 }],
    ["smb", { enabled: true, port: 1445, config: {}, status: "healthy", starts: 1 }],
  ]);
  readonly settings: Readonly<Record<string, Body>> = {
    nfs: { ...NFS_SETTINGS },
    smb: { ...SMB_SETTINGS },
  };
  readonly providers = new Map<string, Config>();
  readonly shares = new Set<string>();
  readonly policies = new Map<string, Body>();
  clients: Body[] = [];
  /** `METHOD /path` of each request so far, without the probes of `/health`. */
  readonly requests: string[] = [];
  /** Does this to requests instead of answering, or lets them through. */
  fault: ((request: HttpRequest) => Fault | Promise<Fault>) | undefined;
  /** Answers `POST /system/drain-uploads`. */
  drain: () => Promise<HttpAnswer> = () => Promise.resolve(json({ status: "drained" }));
  closed = 0;
  readonly #clock: Clock;
  readonly #tokens = new Map<string, { account: string; mustChange: boolean; until: number }>();
  #issued = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** What was asked since the last time, and forgets it. */
  asked(): string[] {
    return this.requests.splice(0);
  }

  /** As another signing key does. */
  forgetTokens(): void {
    this.#tokens.clear();
  }

  close(): void {
    this.closed++;
  }

  async send(request: HttpRequest): Promise<HttpAnswer> {
    const { pathname, search } = new URL(request.url);
    if (pathname !== "/health") {
      this.requests.push(`${request.method} ${pathname.replace("/api/v1", "")}${search}`);
    }
    await Promise.resolve();
    const fault = await this.fault?.(request);
    if (fault === "hang") return await hang(request.signal);
    if (typeof fault === "string") throw new ServerUnreachableError(fault, `pretends: ${fault}`);
    if (fault) return fault;
    const body: Body = request.body === undefined ? {} : JSON.parse(request.body);
    return await this.#answer(request, pathname.replace("/api/v1", ""), body);
  }

  async #answer(request: HttpRequest, path: string, body: Body): Promise<HttpAnswer> {
    if (path === "/health") {
      return json({ status: "healthy", data: { started_at: "", control_plane_db: "reachable" } });
    }
    if (path === "/auth/login") return this.#login(body);
    if (path === "/auth/refresh") return this.#refresh(body);
    const token = this.#tokens.get(request.headers.authorization?.replace("Bearer ", "") ?? "");
    if (!token || token.until <= this.#clock.now()) return plain(401, "Invalid or expired token");
    if (path === "/users/me/password") return this.#changeOwn(token.account, body);
    if (token.mustChange) return plain(403, "must set a new password");
    if (this.accounts.get(token.account)?.role !== "admin") {
      return plain(403, "Admin access required");
    }
    return await this.#resource(`${request.method} ${path}`, path.split("/").slice(1), body);
  }

  async #resource(
    call: string,
    [kind = "", name = "", part = ""]: string[],
    body: Body,
  ): Promise<HttpAnswer> {
    if (call === "POST /system/drain-uploads") return await this.drain();
    if (call === "GET /clients") return json(this.clients);
    if (call === "GET /snapshot-policies") return json([...this.policies.values()]);
    switch (kind) {
      case "users":
        return this.#users(call, decodeURIComponent(name), body);
      case "adapters":
        return this.#adapters(call, name, part, body);
      case "identity-providers":
        return this.#provider(call, name, body);
      case "shares":
        return this.#policy(call, name, body);
    }
    return problem(404, "Not Found", `no such route: ${call}`);
  }

  #login({ username, password }: Body): HttpAnswer {
    const account = this.accounts.get(String(username));
    if (!account || account.password !== password) {
      return problem(401, "Unauthorized", "Invalid username or password");
    }
    if (!account.enabled) return problem(403, "Forbidden", "User account is disabled");
    return this.#issue(String(username), account.mustChange);
  }

  #refresh({ refresh_token }: Body): HttpAnswer {
    const token = this.#tokens.get(String(refresh_token));
    if (!token || !this.accounts.has(token.account)) {
      return problem(401, "Unauthorized", "Invalid refresh token");
    }
    return this.#issue(token.account, token.mustChange);
  }

  #issue(name: string, mustChange: boolean): HttpAnswer {
    const number = ++this.#issued;
    const now = this.#clock.now();
    const given = { account: name, mustChange };
    this.#tokens.set(`access-${number}`, { ...given, until: now + 1000 * TOKEN_SECONDS });
    this.#tokens.set(`refresh-${number}`, { ...given, until: Infinity });
    return json({
      access_token: `access-${number}`,
      expires_in: TOKEN_SECONDS,
      refresh_token: `refresh-${number}`,
      user: this.#user(name),
    });
  }

  #changeOwn(name: string, { current_password, new_password }: Body): HttpAnswer {
    const account = this.accounts.get(name);
    if (!account) return problem(401, "Unauthorized", "User not found");
    if (!account.mustChange && account.password !== current_password) {
      return problem(401, "Unauthorized", "Current password is incorrect");
    }
    account.password = String(new_password);
    account.mustChange = false;
    return this.#issue(name, false);
  }

  #user(name: string) {
    const account = this.accounts.get(name);
    return {
      id: `id-of-${name}`,
      username: name,
      role: account?.role,
      enabled: account?.enabled,
      must_change_password: account?.mustChange,
    };
  }

  #users(call: string, name: string, body: Body): HttpAnswer {
    if (call === "POST /users") {
      const username = String(body.username);
      if (this.accounts.has(username)) return problem(409, "Conflict", "User already exists");
      const role = String(body.role);
      this.accounts.set(username, {
        password: String(body.password),
        role,
        enabled: body.enabled !== false,
        mustChange: role === "admin",
      });
      return json(this.#user(username), 201);
    }
    const account = this.accounts.get(name);
    if (!account) return problem(404, "Not Found", "User not found");
    if (call.startsWith("DELETE")) {
      this.accounts.delete(name);
      return { status: 204, headers: new Headers(), text: "" };
    }
    if (call.endsWith("/password")) {
      account.password = String(body.new_password);
      account.mustChange = account.role === "admin";
      return { status: 204, headers: new Headers(), text: "" };
    }
    if (call.startsWith("PUT")) {
      if (body.role !== undefined) account.role = String(body.role);
      if (body.enabled !== undefined) account.enabled = Boolean(body.enabled);
    }
    return json(this.#user(name));
  }

  #adapters(call: string, name: string, part: string, body: Body): HttpAnswer {
    if (call === "GET /adapters") {
      return json([...this.adapters.keys()].map((n) => this.#adapter(n)));
    }
    if (call === "POST /adapters") {
      const type = String(body.type);
      const port = Number(body.port ?? 0);
      const config = (body.config ?? {}) as Config;
      this.adapters.set(type, { enabled: true, port, config, status: "healthy", starts: 1 });
      return json(this.#adapter(type), 201);
    }
    const adapter = this.adapters.get(name);
    if (!adapter) return problem(404, "Not Found", "Adapter not found");
    if (part === "settings") {
      if (call.startsWith("PATCH")) Object.assign(this.settings[name] ?? {}, body);
      return json(this.settings[name]);
    }
    if (call.startsWith("PUT")) this.#update(adapter, body);
    return json(this.#adapter(name));
  }

  /** With the same port, an adapter that runs goes on with the configuration that it has. */
  #update(adapter: PretendAdapter, body: Body): void {
    const before = { ...adapter };
    if (body.enabled !== undefined) adapter.enabled = Boolean(body.enabled);
    if (body.port !== undefined) adapter.port = Number(body.port);
    if (body.config !== undefined) adapter.config = body.config as Config;
    if (adapter.enabled && (!before.enabled || before.port !== adapter.port)) adapter.starts++;
  }

  #adapter(name: string) {
    const { enabled, port, config, status } = this.adapters.get(name) ?? {};
    const health = { ...HEALTHY, status };
    return { type: name, enabled, port, config, running: enabled, status: health };
  }

  #provider(call: string, name: string, body: Body): HttpAnswer {
    if (call.startsWith("PUT")) {
      this.providers.set(name, body);
      const answer = json(hidden({ ...PROVIDERS[name], ...body }));
      if (name === "kerberos") answer.headers.set("x-dittofs-apply", "restart-required");
      return answer;
    }
    const config = this.providers.get(name);
    return config
      ? json(hidden({ ...PROVIDERS[name], ...config }))
      : problem(404, "Not Found", "not configured");
  }

  #policy(call: string, name: string, body: Body): HttpAnswer {
    if (!this.shares.has(name)) return problem(404, "Not Found", "share not found");
    if (call.startsWith("DELETE")) {
      this.policies.delete(name);
      return { status: 204, headers: new Headers(), text: "" };
    }
    const policy = { enabled: true, keep_last: 0, ...body, share: `/${name}` };
    this.policies.set(name, policy);
    return json(policy);
  }
}

/** An answer of a handler. */
export function json(body: unknown, status = 200): HttpAnswer {
  const headers = new Headers({ "content-type": "application/json" });
  return { status, headers, text: JSON.stringify(body) };
}

/** An error of a handler. */
export function problem(status: number, title: string, detail: string): HttpAnswer {
  const headers = new Headers({ "content-type": "application/problem+json" });
  return { status, headers, text: JSON.stringify({ title, status, detail }) };
}

/** An error of what is around the handlers, or of a proxy. */
export function plain(status: number, text: string): HttpAnswer {
  return { status, headers: new Headers({ "content-type": "text/plain" }), text };
}

function hidden(config: Config): Config {
  const { bind_password, machine_account, ...rest } = config;
  const { secret, ...account } = (machine_account ?? {}) as Config;
  return {
    ...rest,
    ...(bind_password !== undefined && { bind_password: "********" }),
    machine_account: { ...account, ...(secret !== undefined && { secret: "********" }) },
  };
}

function hang(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}
