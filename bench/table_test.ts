import assert from "node:assert/strict";
import { tableOf } from "./table.ts";

Deno.test("tableOf aligns columns and says which goals were met", () => {
  const text = tableOf([
    { figure: "RSS", measured: "80 MiB", goal: "≤ 90 MiB", met: true },
    { figure: "all StatefulSets exist", measured: "9 s", goal: "≤ 5 s", met: false },
    { figure: "p50", measured: "3 s", goal: "" },
  ]);
  assert.equal(
    text,
    [
      "figure                  measured  goal",
      "RSS                     80 MiB    ≤ 90 MiB  met",
      "all StatefulSets exist  9 s       ≤ 5 s     MISSED",
      "p50                     3 s",
    ].join("\n"),
  );
});
