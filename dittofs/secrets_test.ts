// No error may repeat a secret of the request that failed.

import assert from "node:assert/strict";
import { withoutSecrets } from "./secrets.ts";

Deno.test("withoutSecrets() hides passwords, tokens and keys of the body, at any depth", () => {
  const body = {
    config: JSON.stringify({ access_key: "ak", bucket: "b", secret_access_key: "sk-1" }),
    machine_account: { secret: "ma-1" },
    new_password: "pw-1",
    refresh_token: "rt-1",
    username: "alice",
  };
  assert.equal(
    withoutSecrets("alice: b, ak, sk-1, ma-1, pw-1, rt-1", body),
    "alice: b, ********, ********, ********, ********, ********",
  );
});

Deno.test("withoutSecrets() hides a secret that begins with another one as a whole", () => {
  const body = { password: "abc", secret: "abcdef" };
  assert.equal(withoutSecrets("not abcdef", body), "not ********");
});

Deno.test("withoutSecrets() leaves texts alone without a secret in the body", () => {
  for (const body of [undefined, null, "text", {}, { password: "" }, { config: "{broken" }]) {
    assert.equal(withoutSecrets("as it was", body), "as it was");
  }
});
