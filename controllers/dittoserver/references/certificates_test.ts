import assert from "node:assert/strict";
import { ca, cert, key } from "../../../kube/testing/localhost_certificate.ts";
import { OTHER_KEY, SHORT_LIVED, SHORT_LIVED_UNTIL } from "./_fixture.ts";
import { expiryOf, pairFault } from "./certificates.ts";

Deno.test("pairFault() finds a key that is not that of the certificate", () => {
  assert.equal(pairFault(cert, key), undefined);
  assert.match(pairFault(cert, OTHER_KEY) ?? "", /not the key of the certificate/);
});

Deno.test("pairFault() takes the first certificate for the server's own, as TLS does", () => {
  assert.equal(pairFault(cert + ca, key), undefined);
  assert.match(pairFault(ca + cert, key) ?? "", /not the key of the certificate/);
});

Deno.test("pairFault() leaves what cannot be read to the other checks", () => {
  assert.equal(pairFault("nothing", key), undefined);
  assert.equal(pairFault(cert, "nothing"), undefined);
});

Deno.test("expiryOf() is when the first certificate ends, and when the last one does", () => {
  const end = Date.parse("2126-10-30T20:14:53Z");
  const soon = SHORT_LIVED_UNTIL.getTime();
  assert.deepEqual(expiryOf(SHORT_LIVED + cert), { first: soon, last: end });
  assert.deepEqual(expiryOf(cert + SHORT_LIVED), { first: end, last: end });
  assert.equal(expiryOf("nothing"), undefined);
});
