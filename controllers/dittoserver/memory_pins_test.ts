import assert from "node:assert/strict";
import type { DittoServerInput } from "../../api/dittoserver.ts";
import { testServer } from "./_fixture.ts";
import { memoryPins, MIB } from "./memory_pins.ts";

const limit = (memory: string) => ({ resources: { limits: { memory } } });

// Block cache, index cache and read buffer in MiB.
const pins: [string, Partial<DittoServerInput>, [number, number, number]][] = [
  ["are fixed without a limit", {}, [64, 32, 64]],
  ["are fixed where the limit is none", limit("much"), [64, 32, 64]],
  ["are 8, 4 and 8 percent of the limit", limit("2Gi"), [163, 81, 163]],
  ["have a least amount", limit("128Mi"), [16, 8, 16]],
  ["have a most amount", limit("100Gi"), [4096, 2048, 1024]],
  ["read a limit in any unit", limit("2G"), [152, 76, 152]],
  ["are what the spec says, whatever the limit", {
    ...limit("2Gi"),
    memory: { badgerBlockCache: "128Mi", badgerIndexCache: "0", readBuffer: "1Gi" },
  }, [128, 0, 1024]],
];
for (const [what, spec, [block, index, read]] of pins) {
  Deno.test(`memoryPins() ${what}`, () => {
    assert.deepEqual(memoryPins(testServer(spec).spec), {
      badgerBlockCache: block * MIB,
      badgerIndexCache: index * MIB,
      readBuffer: read * MIB,
    });
  });
}
