// A DittoShare as the builders see it: named, owned, and with every default filled in.

import { defaultedShare, type DittoShare, type DittoShareSpec } from "../../api/dittoshare.ts";
import { controllerReference } from "../../kube/controller.ts";
import type { Live, OwnerReference } from "../../kube/object.ts";
import { InvalidSpecError } from "../dittoserver/server.ts";
import { dittoShares } from "../kinds.ts";

/** What every builder starts from. */
export interface Share {
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
  /** Its name on the server, without a slash. */
  readonly shareName: string;
  readonly spec: DittoShareSpec;
  readonly owner: OwnerReference;
}

/** Reads a resource. Throws {@link InvalidSpecError} with the fields that are wrong. */
export function readShare(resource: Live<DittoShare>): Share {
  const { name, namespace, uid } = resource.metadata;
  const spec = defaultedShare(resource.spec);
  if (!spec.success) {
    const issues = spec.error.issues.map((issue) =>
      `${["spec", ...issue.path].join(".")}: ${issue.message}`
    );
    throw new InvalidSpecError(issues.join("; "));
  }
  return {
    name,
    namespace: namespace ?? "",
    uid,
    shareName: shareNameOf(resource),
    spec: spec.data,
    owner: controllerReference({ resource: dittoShares }, resource),
  };
}

/** The name of a share on its server. */
export function shareNameOf({ metadata, spec }: DittoShare): string {
  return spec.shareName ?? metadata?.name ?? "";
}
