// Directories of users outside of the server. The configuration file fills these rows at the
// first start only; afterwards the rows count.

import * as z from "zod";
import type { CallOptions, Requests } from "./requests.ts";
import { inServerNames, wireList, wireObject } from "./wire.ts";

const text = z.string().default("");

const ldap = wireObject({
  allowPlaintext: z.boolean(),
  baseDn: text,
  bindDn: text,
  bindPassword: text,
  enabled: z.boolean(),
  idmap: text,
  maxGroupResults: z.number(),
  nestedGroups: z.boolean(),
  realm: text,
  startTls: z.boolean(),
  timeout: text,
  tls: wireObject({
    caCertFile: text,
    clientCertFile: text,
    clientKeyFile: text,
    insecureSkipVerify: z.boolean(),
    minVersion: text,
  }),
  url: text,
  userAttr: text,
});

const kerberos = wireObject({
  contextTtl: text,
  dnsDomain: text,
  enabled: z.boolean(),
  keytabPath: text,
  krb5Conf: text,
  machineAccount: wireObject({
    accountName: text,
    dcAddress: wireList(z.string()),
    enabled: z.boolean().default(false),
    keytabPath: text,
    secret: text,
  }),
  maxClockSkew: text,
  maxContexts: z.number(),
  netbiosDomain: text,
  realm: text,
  servicePrincipal: text,
});

const summary = wireObject({
  configured: z.boolean(),
  enabled: z.boolean(),
  type: z.string(),
});

const list = z.array(summary);

const test = wireObject({
  message: z.string().default(""),
  ok: z.boolean(),
  stage: z.string().default(""),
});

/** An LDAP directory. A stored `bindPassword` reads `********`. */
export type LdapConfig = Readonly<z.output<typeof ldap>>;

/** Kerberos. A stored `secret` reads `********`. */
export type KerberosConfig = Readonly<z.output<typeof kerberos>>;

/** Whether a provider has a configuration, and whether that is in force. */
export type ProviderSummary = z.output<typeof summary>;

/** What a try of a configuration found; `stage` names the step that failed. */
export type ProviderTest = z.output<typeof test>;

/** A whole configuration: what is left out gets the default, secrets stay as they are. */
export type NewConfig<Config> = {
  readonly [Field in keyof Config]?: Config[Field] extends string | number | boolean ? Config[Field]
    : Partial<Config[Field]>;
};

/** A configuration that was stored. */
export interface Stored<Config> {
  readonly config: Config;
  /** Part of it waits for a restart of the server. */
  readonly restartRequired: boolean;
}

/** `/identity-providers/TYPE` */
export class IdentityProvider<Schema extends z.ZodType> {
  constructor(
    private readonly requests: Requests,
    private readonly schema: Schema,
    private readonly path: string,
  ) {}

  /** Undefined when it was never configured. */
  get(options: CallOptions = {}): Promise<z.output<Schema> | undefined> {
    const path = `${this.path}/config`;
    return this.requests.find(this.schema, { ...options, method: "GET", path });
  }

  async put(
    config: NewConfig<z.output<Schema>>,
    options: CallOptions = {},
  ): Promise<Stored<z.output<Schema>>> {
    const body = bodyOf(config);
    const path = `${this.path}/config`;
    const call = { ...options, body, method: "PUT", path } as const;
    const { headers, value } = await this.requests.askWithHeaders(this.schema, call);
    return {
      config: value,
      restartRequired: headers.get("x-dittofs-apply") === "restart-required",
    };
  }

  /** Tries a configuration without storing it. */
  test(config: NewConfig<z.output<Schema>>, options: CallOptions = {}): Promise<ProviderTest> {
    const body = bodyOf(config);
    const path = `${this.path}/test`;
    return this.requests.ask(test, { ...options, body, method: "POST", path });
  }
}

/** `/identity-providers` */
export class IdentityProviders {
  readonly kerberos;
  readonly ldap;

  constructor(private readonly requests: Requests) {
    this.kerberos = new IdentityProvider(requests, kerberos, "/identity-providers/kerberos");
    this.ldap = new IdentityProvider(requests, ldap, "/identity-providers/ldap");
  }

  list(options: CallOptions = {}): Promise<ProviderSummary[]> {
    return this.requests.ask(list, { ...options, method: "GET", path: "/identity-providers" });
  }
}

function bodyOf(config: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(inServerNames(config)).map(([name, value]) =>
      typeof value === "object" && value !== null ? [name, inServerNames(value)] : [name, value]
    ),
  );
}
