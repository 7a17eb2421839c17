// The blocks `metadata`, `blockstore`, `gc` and `snapshot`: memory, local disk and background
// work.

import type { DittoServerSpec } from "../../../api/dittoserver.ts";
import { amountIn } from "../../quantity.ts";
import { memoryPins, MIB } from "../memory_pins.ts";
import { type ConfigBlock, unless } from "./block.ts";

/** `metadata`. Always told: the server would look at the memory of the whole node. */
export function metadataConfig(spec: DittoServerSpec): ConfigBlock {
  const { badgerBlockCache, badgerIndexCache } = memoryPins(spec);
  return {
    badger: {
      block_cache_mb: Math.floor(badgerBlockCache / MIB),
      index_cache_mb: Math.floor(badgerIndexCache / MIB),
    },
  };
}

/** `blockstore`. */
export function blockStoreConfig({ blockStore }: DittoServerSpec): ConfigBlock {
  return {
    local: {
      default_remote_cache_size: bytes(blockStore?.defaultRemoteCacheSize),
      backpressure_max_wait: blockStore?.backpressureMaxWait,
      max_log_bytes: bytes(blockStore?.maxLogBytes),
    },
  };
}

/** `gc`. */
export function gcConfig({ gc }: DittoServerSpec): ConfigBlock {
  const percent = gc.compactionLivePercent;
  return {
    auto_enabled: unless(true, gc.enabled),
    auto_interval: gc.interval,
    grace_period: gc.gracePeriod,
    dry_run_sample_size: gc.dryRunSampleSize,
    compaction_live_ratio: percent === undefined ? undefined : percent / 100,
  };
}

/** `snapshot`. */
export function snapshotConfig({ snapshots }: DittoServerSpec): ConfigBlock {
  return {
    restore_http_timeout: snapshots.restoreTimeout,
    scheduler_poll_interval: snapshots.schedulerPollInterval,
    scheduler_disabled: unless(false, snapshots.schedulerDisabled),
  };
}

/** The server reads sizes as plain numbers of bytes here. */
function bytes(amount: string | undefined): number | undefined {
  return amount === undefined ? undefined : amountIn(amount);
}
