// A DittoServer as the builders see it: named, owned, and with every default filled in.

import {
  defaulted,
  type DittoServer,
  type DittoServerInput,
  type DittoServerSpec,
} from "../../api/dittoserver.ts";
import { controllerReference } from "../../kube/controller.ts";
import { same } from "../../kube/covers.ts";
import type { Live, OwnerReference } from "../../kube/object.ts";
import { dittoServers } from "../kinds.ts";
import { labelsOf, namesOf } from "./names.ts";

/** What every builder of a child starts from. */
export interface Server {
  readonly name: string;
  readonly namespace: string;
  readonly spec: DittoServerSpec;
  readonly owner: OwnerReference;
  readonly names: ReturnType<typeof namesOf>;
}

/** The stored spec is not one that this version understands. */
export class InvalidSpecError extends Error {
  override readonly name = "InvalidSpecError";
}

const known = new WeakMap<Live<DittoServer>, Server>();

/** A spec is one and the same for as long as nobody edits it, whatever becomes of the status. */
const understood = new WeakMap<DittoServerInput, DittoServerSpec>();

/** Reads a resource. Throws {@link InvalidSpecError} with the fields that are wrong. */
export function readServer(resource: Live<DittoServer>): Server {
  const before = known.get(resource);
  if (before) return before;
  const { name, namespace } = resource.metadata;
  const server = {
    name,
    namespace: namespace ?? "",
    spec: understood.get(resource.spec) ?? understand(resource.spec),
    owner: controllerReference({ resource: dittoServers }, resource),
    names: namesOf(name),
  };
  // What is in a cache is frozen, and the parts of a reconcile ask for it several times.
  if (Object.isFrozen(resource)) known.set(resource, server);
  return server;
}

function understand(stored: DittoServerInput): DittoServerSpec {
  const read = defaulted(stored);
  if (!read.success) {
    const issues = read.error.issues.map((issue) =>
      `${["spec", ...issue.path].join(".")}: ${issue.message}`
    );
    throw new InvalidSpecError(issues.join("; "));
  }
  // With its defaults it is what is stored, and need not be there twice.
  const spec = same(stored, read.data) ? stored as DittoServerSpec : read.data;
  if (Object.isFrozen(stored)) understood.set(stored, spec);
  return spec;
}

/** `metadata` of a child. */
export function childMeta({ name, namespace, owner }: Server, child: string) {
  return { name: child, namespace, labels: labelsOf(name), ownerReferences: [owner] } as const;
}
