import assert from "node:assert/strict";
import { amountIn, amountOf, canonicalQuantity, type Quantity } from "./quantity.ts";

const amounts: [Quantity, number][] = [
  ["64Mi", 67_108_864],
  ["1Gi", 1_073_741_824],
  ["1.5Gi", 1_610_612_736],
  ["2G", 2_000_000_000],
  ["1e3", 1000],
  ["500m", 0.5],
  [".5", 0.5],
  [2, 2],
  ["0", 0],
  ["-1k", -1000],
];
for (const [quantity, amount] of amounts) {
  Deno.test(`amountOf() of ${quantity} is ${amount}`, () => {
    assert.equal(amountOf(quantity), amount);
  });
}

// As a Kubernetes 1.34 API server gives them back.
const canonical: [Quantity, string][] = [
  ["1024Mi", "1Gi"],
  ["1536Mi", "1536Mi"],
  ["0.5Gi", "512Mi"],
  ["1000m", "1"],
  ["1.5", "1500m"],
  ["1000", "1k"],
  ["1500", "1500"],
  ["0.5Ki", "512"],
  ["1.1Ki", "1126400m"],
  ["1000e3", "1e6"],
  ["12e0", "12"],
  ["0.0000000001", "1n"],
  ["0Gi", "0"],
  [2, "2"],
  ["1Gi", "1Gi"],
];
for (const [quantity, form] of canonical) {
  Deno.test(`canonicalQuantity() of ${quantity} is ${form}`, () => {
    assert.equal(canonicalQuantity(quantity), form);
  });
}

for (const wrong of ["", "Gi", "1 Gi", "1GiB", "1e", "--1", "1.2.3"]) {
  Deno.test(`amountIn() has none for ${JSON.stringify(wrong)}, which stays as it is`, () => {
    assert.equal(amountIn(wrong), undefined);
    assert.throws(() => amountOf(wrong), RangeError);
    assert.equal(canonicalQuantity(wrong), wrong);
  });
}
