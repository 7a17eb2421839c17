// What the server is told of LDAP and Kerberos. W09 is a weakness of the Go operator.

import assert from "node:assert/strict";
import { everything } from "../_everything.ts";
import { testServer } from "../_fixture.ts";
import { kerberosConfig, ldapConfig } from "../config/directories.ts";
import {
  isSwitchedOff,
  providerDifferences,
  providerDigest,
  PROVIDERS,
  type ProviderType,
  wantedProvider,
} from "./identity_providers.ts";

const { spec } = testServer(everything);
const { identity } = everything;

function wanted(type: ProviderType, of = spec) {
  const provider = wantedProvider(type, of);
  assert.ok(provider);
  return provider;
}

/** In the server's words, and without what is not said. */
function inServerWords(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(
    fields.map(([name, field]) => [
      name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      inServerWords(field),
    ]),
  );
}

Deno.test("wantedProvider() says of LDAP what the configuration file says (W09)", () => {
  // Of what is off the file says nothing, and the API that it is off.
  const file = {
    start_tls: false,
    allow_plaintext: false,
    nested_groups: false,
    ...ldapConfig(spec),
  };
  const tls = { insecure_skip_verify: false, ...ldapConfig(spec).tls as object };
  assert.deepEqual(inServerWords(wanted("ldap").config), inServerWords({ ...file, tls }));
});

Deno.test("wantedProvider() says of Kerberos what the file says, but for the join of a domain (W09)", () => {
  const { machine_account, ...file } = kerberosConfig(spec);
  const { online_join: _, ...account } = machine_account as Record<string, unknown>;
  assert.deepEqual(
    inServerWords(wanted("kerberos").config),
    inServerWords({ ...file, machine_account: account }),
  );
});

Deno.test("wantedProvider() is none while a provider is off, or not spoken of", () => {
  const off = {
    ...identity,
    ldap: { ...identity.ldap, enabled: false },
    kerberos: { ...identity.kerberos, enabled: false },
  };
  for (const type of PROVIDERS) {
    const said = testServer({ identity: off }).spec;
    const silent = testServer().spec;
    assert.deepEqual([wantedProvider(type, said), wantedProvider(type, silent)], [
      undefined,
      undefined,
    ]);
    assert.deepEqual([isSwitchedOff(type, said), isSwitchedOff(type, silent)], [true, false]);
  }
});

Deno.test("wantedProvider() has the password apart, and puts it where the server looks for it", () => {
  for (const type of PROVIDERS) {
    const { config, withPassword, password } = wanted(type);
    assert.ok(password?.name);
    assert.doesNotMatch(JSON.stringify(config), /hush/);
    assert.match(JSON.stringify(withPassword("hush")), /"(bindPassword|secret)":"hush"/);
  }
});

Deno.test("providerDifferences() compares what the spec says and nothing else, durations by their length", () => {
  const { config } = wanted("ldap");
  const tls = { minVersion: "1.3", insecureSkipVerify: false };
  const live = { ...config, timeout: "5000ms", bindPassword: "********", unknown: 1 };
  assert.deepEqual(providerDifferences(config, live), []);
  assert.deepEqual(
    providerDifferences(config, { ...live, url: "ldaps://elsewhere", timeout: "6s", tls }),
    [
      "url",
      "timeout",
      "tls.caCertFile",
      "tls.clientCertFile",
      "tls.clientKeyFile",
      "tls.insecureSkipVerify",
    ],
  );
});

Deno.test("providerDigest() changes with a setting and with the password's version, and with nothing else", () => {
  const digest = providerDigest(wanted("ldap"), "uid/1");
  assert.equal(providerDigest(wanted("ldap"), "uid/1"), digest);
  assert.notEqual(providerDigest(wanted("ldap"), "uid/2"), digest);
  const other = testServer({ identity: { ldap: { ...identity.ldap, baseDN: "dc=other" } } }).spec;
  assert.notEqual(providerDigest(wanted("ldap", other), "uid/1"), digest);
});
