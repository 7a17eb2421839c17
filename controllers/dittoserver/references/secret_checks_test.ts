import assert from "node:assert/strict";
import { ca, cert, key } from "../../../kube/testing/localhost_certificate.ts";
import { ENCRYPTED_KEY, OTHER_KEY } from "./_fixture.ts";
import { type CheckKind, faultsOf } from "./secret_checks.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const KEYTAB = new Uint8Array([5, 2, 0, 0, 0, 1, 0]);

const good: [CheckKind, string, string | Uint8Array][] = [
  ["text", "a password with blanks and umlauts", "ä b"],
  ["text", "a password that ends in a line break", "secret\n"],
  ["line", "the name of a host", "db.example.com"],
  ["jwtKey", "a key of 32 characters", "x".repeat(32)],
  ["adminPassword", "a password of 8 characters", "x".repeat(8)],
  ["adminPassword", "a password of 72 characters", "x".repeat(72)],
  ["token", "a token with a line break behind it", "token\n"],
  ["certificate", "a certificate with its chain", cert + ca],
  ["certificate", "a certificate with text before it", `subject=CN\n${cert}`],
  ["privateKey", "a private key", key],
  ["authorities", "two certificates", ca + cert],
  ["keytab", "a keytab", KEYTAB],
  ["krb5Conf", "a krb5.conf", "[libdefaults]\n"],
  ["connectionString", "a URL", "postgres://u:p@h/d"],
  ["port", "a port", "5432"],
  ["sslMode", "an sslmode", "verify-full"],
];
for (const [kind, what, value] of good) {
  Deno.test(`faultsOf() has nothing against ${what} as ${kind}`, () => {
    const faults = faultsOf(typeof value === "string" ? bytes(value) : value);
    assert.equal(faults[kind], undefined);
  });
}

const damaged = (pem: string) => pem.replace(/\n[^-]{20}/, "\n");

const bad: [CheckKind, string, string | Uint8Array, RegExp][] = [
  ["text", "bytes that are no text", new Uint8Array([0xff, 0xfe]), /plain text/],
  ["text", "a NUL, which no environment can hold", "a\0b", /plain text/],
  ["line", "a host with a line break behind it", "db\n", /line break/],
  ["jwtKey", "a key of 31 characters", "x".repeat(31), /32 characters/],
  ["adminPassword", "a password of 7 characters", "x".repeat(7), /8 to 72/],
  // bcrypt takes 72 bytes, and each of these letters has two.
  ["adminPassword", "a password of 73 bytes", `x${"ä".repeat(36)}`, /8 to 72/],
  ["token", "blanks", " \n", /nothing but blanks/],
  ["certificate", "a key", key, /not a certificate in PEM/],
  ["certificate", "half a certificate", cert.slice(0, 200), /damaged/],
  ["certificate", "a certificate with letters missing", damaged(cert), /damaged/],
  ["certificate", "a certificate whose chain is damaged", cert + damaged(ca), /damaged/],
  ["certificate", "bytes", new Uint8Array([0x30, 0x82, 0xff]), /plain text/],
  ["privateKey", "a certificate", cert, /not a private key in PEM/],
  ["privateKey", "half a key", key.slice(0, 100), /damaged/],
  ["privateKey", "a key behind a passphrase", ENCRYPTED_KEY, /is encrypted/],
  ["authorities", "a text without certificates", "ca", /no certificate/],
  ["authorities", "a bundle with a damaged one", cert + damaged(ca), /damaged/],
  ["keytab", "a keytab that was encoded twice", KEYTAB.toBase64(), /not a keytab/],
  ["keytab", "one byte", new Uint8Array([5]), /not a keytab/],
  ["krb5Conf", "blanks", "\n\n", /nothing but blanks/],
  ["connectionString", "another URL", "mysql://u:p@h/d", /not a connection string/],
  ["port", "a port with a line break behind it", "5432\n", /not a number/],
  ["port", "zero", "0", /not a number/],
  ["sslMode", "a mode that only libpq knows", "prefer", /none of disable/],
];
for (const [kind, what, value, fault] of bad) {
  Deno.test(`faultsOf() names a remedy for ${what} as ${kind}`, () => {
    const faults = faultsOf(typeof value === "string" ? bytes(value) : value);
    assert.match(faults[kind] ?? "nothing", fault);
    // What is wrong, and after it what to do.
    assert.match(faults[kind] ?? "", /; (put|name|write|remove)/);
  });
}

Deno.test("faultsOf() never repeats a part of the value", () => {
  for (const value of ["hunter2", "postgres://me:hunter2#@h/d", "password=hunter2 x=hunter2"]) {
    assert.doesNotMatch(JSON.stringify(faultsOf(bytes(value))), /hunter2/);
  }
  const told = JSON.stringify(faultsOf(bytes(OTHER_KEY)));
  for (const line of OTHER_KEY.split("\n").filter((line) => line !== "" && !line.includes("-"))) {
    assert.ok(!told.includes(line));
  }
});
