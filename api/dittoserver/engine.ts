// The inner workings of the server that are worth turning: memory, local blocks, clean-up.

import * as z from "zod";
import { amount, duration } from "../fields.ts";

/** Memory that would otherwise follow from the memory of the node. */
export const memory = z.object({
  badgerBlockCache: amount("64Mi").optional().meta({
    description:
      "Cache of metadata blocks, for each badger store. Without it 8 % of the container's memory limit, from 16Mi to 4Gi; 64Mi where there is no limit. 0 leaves it to the server, which looks at the memory of the whole node.",
  }),
  badgerIndexCache: amount("32Mi").optional().meta({
    description:
      "Cache of metadata indexes, for each badger store. Without it 4 % of the container's memory limit, from 8Mi to 2Gi; 32Mi where there is no limit. 0 leaves it to the server, as above.",
  }),
  readBuffer: amount("64Mi").optional().meta({
    description:
      "Buffer for reading ahead, for each share. Without it 8 % of the container's memory limit, from 16Mi to 1Gi; 64Mi where there is no limit.",
  }),
});

/** The local block store. */
export const blockStore = z.object({
  defaultRemoteCacheSize: amount("10Gi").optional().meta({
    description:
      "Local disk that a share with a remote store uses where it says nothing else; the default is 10Gi.",
  }),
  backpressureMaxWait: duration("1s", "1h", "60s").optional().meta({
    description:
      "How long a write waits on a full local store before it fails; the default is 60s.",
  }),
  maxLogBytes: amount("1Gi").optional().meta({
    description: "Hint for the size of the journal; 0, the default, lets the server decide.",
  }),
});

/** Removal of blocks that nothing refers to any more. */
export const gc = z.object({
  enabled: z.boolean().default(true).meta({ description: "Runs without being asked." }),
  interval: duration("1m", "168h", "15m").optional().meta({
    description: "Time between two runs; the default is 15m.",
  }),
  gracePeriod: duration("5m", "8760h", "1h").optional().meta({
    description: "How old a block must be to be removed; the default is 1h.",
  }),
  dryRunSampleSize: z.int().min(1).max(1_000_000).optional().meta({
    description: "Blocks that a trial run lists at most; the default is 1000.",
    examples: [1000],
  }),
  compactionLivePercent: z.int().min(0).max(100).optional().meta({
    description:
      "Log segments with a smaller share of live data are compacted, in percent; 0, the default, is never.",
    examples: [50],
  }),
});

/** Snapshots of shares. */
export const snapshots = z.object({
  schedulerDisabled: z.boolean().default(false).meta({
    description: "Switches scheduled snapshots off for the whole server.",
  }),
  schedulerPollInterval: duration("1s", "24h", "1m").optional().meta({
    description: "How often the server looks whether a snapshot is due; the default is 1m.",
  }),
  restoreTimeout: duration("1s", "24h", "30m").optional().meta({
    description: "How long restoring a snapshot may take; the default is 30m.",
  }),
});
