// The digest of everything that the pod reads at its start and cannot read again.
//
// It is an annotation of the pod template: when it changes, the pod is replaced. So it covers
// what the pod consumes and nothing else; a label, a Service or the resource's generation must
// never restart a server. The image is part of the template itself.

import { digestOf } from "../../kube/digest.ts";

/**
 * The digest. `config` is what the pod consumes of its configuration, `secrets` are the digests of what the pod consumes, as `resolve()`
 * gives them.
 */
export function rolloutHash(
  config: string,
  secrets: Readonly<Record<string, string>>,
): string {
  return digestOf({ config, secrets });
}
