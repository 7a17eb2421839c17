// Memory that the server would size after the memory of the node, which in a pod is not its own.
//
// The shares of the container's limit are those that the descriptions in
// api/dittoserver/engine.ts promise.

import type { DittoServerSpec } from "../../api/dittoserver.ts";
import { amountIn } from "../quantity.ts";

/** Bytes of a mebibyte. */
export const MIB = 1024 ** 2;

/** All in bytes, and whole mebibytes unless the spec says otherwise. */
export interface MemoryPins {
  /** For each badger store; 0 leaves it to the server. */
  readonly badgerBlockCache: number;
  /** For each badger store; 0 leaves it to the server. */
  readonly badgerIndexCache: number;
  /** For each share. It is a setting of the share in the REST API, not of the configuration. */
  readonly readBuffer: number;
}

/** What the spec says, else a share of the container's memory limit, else a fixed amount. */
export function memoryPins({ memory, resources }: DittoServerSpec): MemoryPins {
  const limit = amountIn(resources?.limits?.memory ?? "0");
  const pin = (wish: string | undefined, range: Range): number => {
    const wished = wish === undefined ? undefined : amountIn(wish);
    return wished ?? MIB * (limit ? shareOf(limit / MIB, range) : range.unlimited);
  };
  return {
    badgerBlockCache: pin(memory?.badgerBlockCache, {
      percent: 8,
      least: 16,
      most: 4096,
      unlimited: 64,
    }),
    badgerIndexCache: pin(memory?.badgerIndexCache, {
      percent: 4,
      least: 8,
      most: 2048,
      unlimited: 32,
    }),
    readBuffer: pin(memory?.readBuffer, { percent: 8, least: 16, most: 1024, unlimited: 64 }),
  };
}

/** Amounts in mebibytes. */
interface Range {
  readonly percent: number;
  readonly least: number;
  readonly most: number;
  readonly unlimited: number;
}

function shareOf(limit: number, { percent, least, most }: Range): number {
  return Math.min(most, Math.max(least, Math.floor((limit * percent) / 100)));
}
