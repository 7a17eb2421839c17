// Connection strings of PostgreSQL, in the two forms that libpq reads: a URL
// (postgres://USER:PASSWORD@HOST:PORT/DATABASE?sslmode=require) and a list of parameters
// (host=… user=… password='…').
//
// The server takes neither, only the single values. So a string is read to the end or refused:
// a parameter that the server cannot be given is named, for dropping sslrootcert or options in
// silence would connect in another way than the string says. Nothing that is said repeats a
// part of the text, because a password with an unfortunate character can turn up in any part.

/** How the connection is encrypted, as far as the server knows it. */
export const SSL_MODES = ["disable", "require", "verify-ca", "verify-full"] as const;

/** Where a PostgreSQL database is, and how to log in. */
export interface PostgresConnection {
  readonly host: string;
  /** Absent where the server's own default, 5432, is meant. */
  readonly port?: number;
  readonly database: string;
  readonly user: string;
  readonly password: string;
  /** Absent where the server's own default, disable, is meant. */
  readonly sslmode?: string;
}

/** What a connection string says, or what is wrong with it, to follow `"KEY" in Secret "NAME"`. */
export type ParsedConnection =
  | { readonly connection: PostgresConnection; readonly fault?: undefined }
  | { readonly connection?: undefined; readonly fault: string };

/** Parameters that say where the database is; a list of parameters begins with one of them. */
const USED = ["host", "port", "dbname", "user", "password", "sslmode"];

/** Parameters that change nothing that matters to the server. */
const HARMLESS = [
  "application_name",
  "client_encoding",
  "connect_timeout",
  "fallback_application_name",
  "gssencmode",
  "keepalives",
  "keepalives_count",
  "keepalives_idle",
  "keepalives_interval",
  "tcp_user_timeout",
];

/** Parameters that would change the connection, and that the server has no setting for. */
const IMPOSSIBLE = [
  "channel_binding",
  "hostaddr",
  "load_balance_hosts",
  "options",
  "passfile",
  "replication",
  "require_auth",
  "search_path",
  "service",
  "sslcert",
  "sslcrl",
  "sslkey",
  "sslnegotiation",
  "sslpassword",
  "ssl_min_protocol_version",
  "ssl_max_protocol_version",
  "target_session_attrs",
];

const UNREADABLE =
  "is not a connection string that can be read; write postgres://USER:PASSWORD@HOST:PORT/DATABASE, with every special character of the password percent-encoded (@ as %40)";

const BEGINS_AS_URL = /^\s*postgres(ql)?:\/\//i;
const BEGINS_AS_LIST = new RegExp(`^\\s*(${[...USED, ...HARMLESS, ...IMPOSSIBLE].join("|")})\\s*=`);

/** Whether a text is meant to be a connection string, well-formed or not. */
export function looksLikeConnectionString(text: string): boolean {
  return BEGINS_AS_URL.test(text) || BEGINS_AS_LIST.test(text);
}

/** Reads a connection string of either form. */
export function parseConnectionString(text: string): ParsedConnection {
  const parameters = BEGINS_AS_URL.test(text) ? fromUrl(text) : fromList(text);
  return parameters ? connectionOf(parameters) : { fault: UNREADABLE };
}

type Parameters = ReadonlyMap<string, string>;

function fromUrl(text: string): Parameters | undefined {
  try {
    const url = new URL(text.trim());
    // A bare # ends the URL, which then lacks half of the password and the host.
    if (url.hash !== "") return undefined;
    const parts = {
      host: decodeURIComponent(url.hostname).replace(/^\[(.*)\]$/, "$1"),
      port: url.port,
      user: decodeURIComponent(url.username),
      password: decodeURIComponent(url.password),
      dbname: decodeURIComponent(url.pathname.slice(1)),
    };
    const parameters = new Map(Object.entries(parts).filter(([, value]) => value !== ""));
    // Not URLSearchParams, which reads + as a blank: libpq does not.
    for (const pair of url.search.slice(1).split("&").filter((pair) => pair !== "")) {
      const [name, value, more] = pair.split("=").map(decodeURIComponent);
      if (name === undefined || value === undefined || more !== undefined) return undefined;
      parameters.set(name, value);
    }
    return parameters;
  } catch {
    return undefined;
  }
}

/** `name = value` with blanks between; a value in single quotes may have blanks, \ escapes. */
function fromList(text: string): Parameters | undefined {
  const parameters = new Map<string, string>();
  const pair =
    /\s*([a-z_]+)\s*=\s*(?:'((?:[^'\\]|\\.)*)'|((?:[^\s'\\]|\\.)(?:[^\s\\]|\\.)*|))(?=\s|$)/ysu;
  const end = text.trimEnd().length;
  while (pair.lastIndex < end) {
    const [, name, quoted, plain] = pair.exec(text) ?? [];
    if (name === undefined) return undefined;
    parameters.set(name, (quoted ?? plain ?? "").replace(/\\(.)/gs, "$1"));
  }
  return parameters;
}

function connectionOf(parameters: Parameters): ParsedConnection {
  const fault = (words: string): ParsedConnection => ({ fault: words });
  if (parameters.has("sslrootcert")) {
    return fault(
      "has sslrootcert, a file that the server's pod does not have; remove it, and name a Secret with the certificate in spec.database.postgres.sslRootCertSecretName",
    );
  }
  for (const name of parameters.keys()) {
    if (USED.includes(name) || HARMLESS.includes(name)) continue;
    return fault(
      IMPOSSIBLE.includes(name)
        ? `has the parameter ${name}, which the server cannot be given; remove it`
        : "has a parameter that PostgreSQL does not know; remove it, or percent-encode the special characters of the password",
    );
  }
  const { host, port, user, password, sslmode, dbname: database = user } = Object.fromEntries(
    parameters,
  );
  if (!host) return fault("does not say the host of the database; add it");
  if (host.includes(",")) return fault("names several hosts, and the server takes one; leave one");
  if (/^[/@]/.test(host)) {
    return fault("names a Unix socket, which the server's pod does not have; name a host");
  }
  if (!user) return fault("does not say the user of the database; add it");
  if (!password) return fault("does not say the password of the user; add it");
  if (!database) return fault("does not say the name of the database; add it");
  const portProblem = port === undefined ? undefined : portFault(port);
  if (portProblem) return fault(`has a port that ${portProblem}`);
  const modeProblem = sslmode === undefined ? undefined : sslModeFault(sslmode);
  if (modeProblem) return fault(`has an sslmode that ${modeProblem}`);
  return {
    connection: {
      host,
      ...(port !== undefined && { port: Number(port) }),
      database,
      user,
      password,
      ...(sslmode !== undefined && { sslmode }),
    },
  };
}

/** What is wrong with the number of a port. */
export function portFault(text: string): string | undefined {
  return /^[0-9]{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65535
    ? undefined
    : "is not a number from 1 to 65535; put in the port of the database, such as 5432";
}

/** What is wrong with an sslmode. */
export function sslModeFault(text: string): string | undefined {
  return SSL_MODES.some((mode) => mode === text)
    ? undefined
    : `is none of ${SSL_MODES.join(", ")}, which are all that the server knows; put one of them in`;
}
