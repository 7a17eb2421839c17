// The security settings of the pod: hardened to the restricted Pod Security Standard, and what
// the user sets wins field by field, so that one wish does not switch the rest off.

import type { PodSecurityContext, SecurityContext } from "../../api/kubernetes/types.ts";

/** User and group of the server's image. */
export const DITTOFS_ID = 65532;

/** `securityContext` of the pod. */
export function podSecurityContext(wish: PodSecurityContext | undefined): PodSecurityContext {
  return {
    runAsNonRoot: true,
    runAsUser: DITTOFS_ID,
    runAsGroup: DITTOFS_ID,
    fsGroup: DITTOFS_ID,
    // A recursive change of owner at each start would take hours on a large volume.
    fsGroupChangePolicy: "OnRootMismatch",
    seccompProfile: { type: "RuntimeDefault" },
    ...wish,
  };
}

/** `securityContext` of the container. A capability that is added does not bring back others. */
export function containerSecurityContext(wish: SecurityContext | undefined): SecurityContext {
  return {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    runAsNonRoot: true,
    seccompProfile: { type: "RuntimeDefault" },
    ...wish,
    capabilities: { drop: ["ALL"], ...wish?.capabilities },
  };
}
