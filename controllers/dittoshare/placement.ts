// On which volume of the server a share has its contents, and how much of it.
//
// Left to itself the server takes a quarter of the memory that it sees for the size of the local
// store, whatever the volume has; when that is full, writes stall for a minute and fail. So the
// size is always sent. Several shares of a volume may together be promised more than there is:
// what a share really needs is not known, and spec.storage.local.size can say it.

import type { DittoServer } from "../../api/dittoserver.ts";
import { amountIn, amountOf } from "../quantity.ts";
import { MIB } from "../dittoserver/memory_pins.ts";
import type { Server } from "../dittoserver/server.ts";
import { CONTENT_DIRECTORY, METADATA_DIRECTORY } from "../dittoserver/volumes.ts";
import type { Share } from "./share.ts";

/** The volumes that can hold contents. */
export type ContentVolume = "content" | "metadata";

/** Where a share has its contents. */
export interface Placement {
  readonly volume: ContentVolume;
  /** In the pod. */
  readonly directory: string;
  /** Name of the claim of the volume. */
  readonly claim: string;
  /** Bytes that the local store may take. */
  readonly localSize: number;
  /** Why that is less than what the spec wants; undefined if it is not. */
  readonly tooSmall?: string;
}

/** Where contents are that have no volume of their own. */
const SHARED_DIRECTORY = `${METADATA_DIRECTORY}/blocks`;

/** What of a volume contents may take, in percent: the rest is the file system's and metadata's. */
const ROOM = { content: 90, metadata: 70 } as const;

const DEFAULT_CACHE = "10Gi";

/**
 * Where a share has its contents, or is to have them. `noted` is the volume where they are: a
 * volume that the server gets later does not make them move.
 */
export function placementOf(
  { spec: { storage } }: Share,
  server: Server,
  status: DittoServer["status"],
  noted: ContentVolume | undefined,
): Placement {
  const volume = noted ?? (server.spec.storage.contentSize === undefined ? "metadata" : "content");
  const room = roomOf(server, status, volume);
  const wish = storage.remote ? storage.remote.cache.size : storage.local?.size;
  const cache = server.spec.blockStore?.defaultRemoteCacheSize ?? DEFAULT_CACHE;
  const usual = storage.remote ? Math.min(amountOf(cache) || room, room) : room;
  const wished = wish === undefined ? usual : amountOf(wish);
  const field = storage.remote ? "storage.remote.cache.size" : "storage.local.size";
  return {
    volume,
    directory: directoryOf(volume),
    claim: server.names.claim(volume),
    localSize: Math.min(wished, room),
    ...(wished > room && {
      tooSmall:
        `spec.${field} is ${wish}, and of the ${volume} volume of DittoServer "${server.name}" ${
          room / MIB
        }Mi are for contents`,
    }),
  };
}

/** Where on a volume contents are, in the pod. */
export function directoryOf(volume: ContentVolume): string {
  return volume === "content" ? CONTENT_DIRECTORY : SHARED_DIRECTORY;
}

/** Bytes of a volume that contents may take, in whole mebibytes. */
function roomOf(server: Server, status: DittoServer["status"], volume: ContentVolume): number {
  const { storage } = server.spec;
  const requested = volume === "content" ? storage.contentSize : storage.metadataSize;
  const { capacity } = status?.volumes?.find(({ name }) => name === volume) ?? {};
  const bytes = amountIn(capacity ?? requested ?? "0") ?? 0;
  return Math.floor(bytes * ROOM[volume] / 100 / MIB) * MIB;
}
