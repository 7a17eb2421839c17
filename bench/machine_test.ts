import assert from "node:assert/strict";
import { cpuModel, machineLine } from "./machine.ts";

Deno.test("cpuModel is the first model name, or unknown", () => {
  assert.equal(
    cpuModel("processor\t: 0\nmodel name\t: AMD EPYC 7B13 \nstepping\t: 0\n"),
    "AMD EPYC 7B13",
  );
  assert.equal(cpuModel("Processor: aarch64"), "unknown");
});

Deno.test("machineLine names everything that a figure depends on", () => {
  const machine = {
    cores: 2,
    cpu: "AMD EPYC",
    memory: 24 * 2 ** 30,
    kernel: "linux 6.1",
    deno: "2.9.6",
    kubernetes: "v1.34.4",
  };
  assert.equal(
    machineLine(machine),
    "2 cores (AMD EPYC), 24 GiB, linux 6.1, Deno 2.9.6, Kubernetes v1.34.4",
  );
});
