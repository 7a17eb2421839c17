// A finalizer for what a resource has outside of the cluster.
//
// Rows in a server's database are not found by the garbage collector. So a resource bears a
// finalizer from before its first row is made until after its last one is gone. It is put on and
// taken off by a patch of the very version that was seen: the list of finalizers is one value, and
// somebody else's must survive.

import type { Writer } from "../../kube/apply.ts";
import type { KubernetesObject, Live } from "../../kube/object.ts";
import type { Patchable } from "../../kube/tracked.ts";

/** Whether a resource bears the finalizer. */
export function isHeld({ metadata }: KubernetesObject, finalizer: string): boolean {
  return metadata?.finalizers?.includes(finalizer) ?? false;
}

/** Puts the finalizer on unless it is there. Returns the live resource. */
export async function hold<T extends KubernetesObject>(
  writer: Pick<Writer, "patch">,
  tracked: Patchable<T>,
  resource: Live<T>,
  finalizer: string,
): Promise<Live<T>> {
  if (isHeld(resource, finalizer)) return resource;
  const finalizers = [...resource.metadata.finalizers ?? [], finalizer];
  return await writer.patch(tracked, resource, patchOf(finalizers));
}

/** Takes the finalizer off if it is there, whereupon a resource that is being deleted is gone. */
export async function letGo<T extends KubernetesObject>(
  writer: Pick<Writer, "patch">,
  tracked: Patchable<T>,
  resource: Live<T>,
  finalizer: string,
): Promise<void> {
  if (!isHeld(resource, finalizer)) return;
  const finalizers = resource.metadata.finalizers?.filter((other) => other !== finalizer) ?? [];
  await writer.patch(tracked, resource, patchOf(finalizers));
}

const patchOf = (finalizers: readonly string[]) => ({ metadata: { finalizers } });
