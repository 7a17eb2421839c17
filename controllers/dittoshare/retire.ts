// What is left of a store of metadata whose files are gone; see stores.ts.

import type { DittofsClient } from "../../dittofs/client.ts";
import { storeName } from "./names.ts";
import { retired, successorIn } from "./stores.ts";

/** Leaves nothing of the store but that its name is used up. */
export async function retire(
  shareName: string,
  { metadataStores }: DittofsClient,
  name: string,
): Promise<void> {
  const usual = storeName(shareName);
  const row = await metadataStores.get(usual);
  const left = row && successorIn(row);
  // The pointer goes before what it points to, whose name nobody else ever has.
  const isOurs = name === usual ? row && !left : left?.next === name;
  if (isOurs) await metadataStores.replace(usual, retired());
  if (name !== usual) await metadataStores.delete(name);
}
