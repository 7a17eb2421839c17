// Certificates and private keys in PEM: whether they are what they should be, whether they
// belong together, and how long they are valid. Nothing here looks at the clock.

import type { KeyObject, X509Certificate } from "node:crypto";

/** When certificates end to be valid, in milliseconds since 1970. */
export interface Expiry {
  /** The first certificate of the text: the one that a server presents. */
  readonly first: number;
  /** The certificate that is valid longest: until then a bundle of authorities is of use. */
  readonly last: number;
}

/** What is wrong with the certificate that a server or client presents, its chain after it. */
export function certificateFault(pem: string): string | undefined {
  const all = certificates(pem);
  if (all === undefined) return "has a damaged certificate; put the whole certificate in again";
  if (all.length === 0) {
    return "is not a certificate in PEM (-----BEGIN CERTIFICATE-----); put the certificate in";
  }
  return undefined;
}

/** What is wrong with the certificates of authorities that others are verified with. */
export function authoritiesFault(pem: string): string | undefined {
  const all = certificates(pem);
  if (all === undefined) return "has a damaged certificate; put the whole certificates in again";
  if (all.length === 0) {
    return "has no certificate in PEM (-----BEGIN CERTIFICATE-----); put those of the authority in";
  }
  return undefined;
}

/** What is wrong with a private key. */
export function privateKeyFault(pem: string): string | undefined {
  if (!/-----BEGIN ([A-Z0-9]+ )*PRIVATE KEY-----/.test(pem)) {
    return "is not a private key in PEM (-----BEGIN PRIVATE KEY-----); put the key in";
  }
  if (/-----BEGIN ENCRYPTED |^Proc-Type:.*ENCRYPTED/m.test(pem)) {
    return "is encrypted, and nobody could be asked for its passphrase; put it in unencrypted";
  }
  return privateKey(pem) ? undefined : "is a damaged private key; put the whole key in again";
}

/** Whether a certificate is of another key. What cannot be read is left to the other checks. */
export function pairFault(certificatePem: string, keyPem: string): string | undefined {
  const [certificate] = certificates(certificatePem) ?? [];
  const key = privateKey(keyPem);
  if (!certificate || !key || certificate.checkPrivateKey(key)) return undefined;
  return "is not the key of the certificate beside it; put in a certificate and key that belong together";
}

/** When the certificates in a text end to be valid; undefined if it is none. */
export function expiryOf(pem: string): Expiry | undefined {
  const ends = certificates(pem)?.map(({ validTo }) => Date.parse(validTo)) ?? [];
  const [first] = ends;
  return first === undefined ? undefined : { first, last: Math.max(...ends) };
}

/** All certificates of a text; undefined if one of them is damaged. */
function certificates(pem: string): X509Certificate[] | undefined {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]*(-----END CERTIFICATE-----)?/g) ?? [];
  try {
    return blocks.map((block) => new (crypto().X509Certificate)(block));
  } catch {
    return undefined;
  }
}

function privateKey(pem: string): KeyObject | undefined {
  try {
    return crypto().createPrivateKey(pem);
  } catch {
    return undefined;
  }
}

/** Loaded when there is something to read: it takes 9 MiB, and most servers have no TLS. */
function crypto(): typeof import("node:crypto") {
  return process.getBuiltinModule("node:crypto");
}
