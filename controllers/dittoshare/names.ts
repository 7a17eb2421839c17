// What belongs to a share is called after it: on the server, where names are how we know it
// again when the server's database was lost, and in the cluster.

/** Kept on a DittoShare while the server may have rows of it. */
export const SHARE_FINALIZER = "dittofs.dittofs.com/share";

/** The stores of a share, and the netgroup of its clients. */
export function storeName(shareName: string): string {
  return `share-${shareName}`;
}

/** The bucket as one set of parameters sees it; see stores.ts. */
export function remoteStoreName(shareName: string, digest: string): string {
  return `${storeName(shareName)}-${digest}`;
}

/** Whether a remote store is, or once was, that of a share. */
export function isRemoteStoreOf(shareName: string, name: string): boolean {
  const start = `${storeName(shareName)}-`;
  return name.startsWith(start) && /^[0-9a-f]{12}$/.test(name.slice(start.length));
}

/** The PersistentVolume of a share. Namespaces have no dots, so no two shares mean the same. */
export function volumeName(namespace: string, name: string): string {
  return `dittoshare.${namespace}.${name}`;
}
