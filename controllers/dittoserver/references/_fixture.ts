// Secrets for table tests.

import type { Secret } from "../../../api/kubernetes/types.ts";
import type { Live } from "../../../kube/object.ts";

const encoded = (value: string | Uint8Array) =>
  (typeof value === "string" ? new TextEncoder().encode(value) : value).toBase64();

/** A Secret as the API server would give it. */
export function testSecret(
  name: string,
  values: Readonly<Record<string, string | Uint8Array>>,
): Live<Secret> {
  return {
    metadata: { name, namespace: "files", uid: `uid-of-${name}`, resourceVersion: "1" },
    data: Object.fromEntries(Object.entries(values).map(([key, value]) => [key, encoded(value)])),
  };
}

/** A private key that belongs to no certificate of the tests; it guards nothing. */
export const OTHER_KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgNuW+sBoS1dPHhygJ
SDG08CqHqZeyAD5r0KkwJxojIKKhRANCAATghXhVBJmqudmzazbXumRIuXYfOz8Y
y7V/ZReDnOA5S/eUKXbakfjowYGv9v/7k6AKD6SPCaN+4Bpv5jFrWCsl
-----END PRIVATE KEY-----
`;

/** The same, behind a passphrase. */
export const ENCRYPTED_KEY = `-----BEGIN ENCRYPTED PRIVATE KEY-----
MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAiEqqdOidoRqwICCAAw
DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEJR2qqMMEWKVx4cSMa2ion8EgZAt
F3Bbm/jpTMAPItIwINOL/9tE8CKZgpVMG6wTe5Mrcs0VqM5q2gTxij9EC7ajhPOA
oF7FrWVxWryqtWfvaXCd+HZOWzw+YquE6ZIOeetNkQiI/ucpOo02yDYkiY/+GAhy
LGQSFdVqgCl7pi8hLnKBH3k3993YZHmtmY6k27km0jQMMvzeMrbseHIUCiYZGhQ=
-----END ENCRYPTED PRIVATE KEY-----
`;

/** A certificate that is valid for one day. */
export const SHORT_LIVED = `-----BEGIN CERTIFICATE-----
MIIBdTCCARugAwIBAgIUE1iXObIHKHliPr6mcd4K3eBnAVEwCgYIKoZIzj0EAwIw
EDEOMAwGA1UEAwwFc2hvcnQwHhcNMjYxMTI1MTA1MTQwWhcNMjYxMTI2MTA1MTQw
WjAQMQ4wDAYDVQQDDAVzaG9ydDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABCIB
MVWDiB6anr8xzJUyOb2FnFRGisrzIYZiYae0mUnodIn3sntQO+ZtdyFtznctu3CA
M4vfuxOuYQXukypppO6jUzBRMB0GA1UdDgQWBBTKpx9zS3vEKl778mphntppXjsL
SzAfBgNVHSMEGDAWgBTKpx9zS3vEKl778mphntppXjsLSzAPBgNVHRMBAf8EBTAD
AQH/MAoGCCqGSM49BAMCA0gAMEUCIQCrOnZlM9CYygOGZN4+TJvyBUp8Z8VVhOAP
Jdjjd4P9uQIgdXKF5d3T/3c0u1PzahAySpgEX7lRKoq9Wo8pEap9Rkc=
-----END CERTIFICATE-----
`;

/** When it ends to be. */
export const SHORT_LIVED_UNTIL = new Date("2026-11-26T10:51:40Z");
