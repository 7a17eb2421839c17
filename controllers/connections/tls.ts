// The certificates of a connection: whom to trust, and what to show.
//
// They come from the same Secrets that the server serves with. Their content is read only when it
// has changed; what tells is the digest of what is known of them.

import type { Api } from "../../kube/api.ts";
import { digestOf } from "../../kube/digest.ts";
import { makeKey } from "../../kube/object.ts";
import type { References } from "../../kube/references.ts";
import type { Secret } from "../../api/kubernetes/types.ts";
import type { TlsFiles } from "../../dittofs/http.ts";
import type { SecretFacts } from "../dittoserver/references/secret_facts.ts";
import type { Server } from "../dittoserver/server.ts";
import { ClientCertificateMissingError } from "./errors.ts";
import { readSecret } from "./secret_values.ts";

/** Gives the digests of Secrets that a spec names. */
export type Facts = Pick<References<Secret, SecretFacts>, "get">;

/** Which certificates a connection needs: two that are equal need no new connection. */
export type TlsDigest = string;

/** No certificate of its own: plain HTTP, or a mesh that everybody here trusts anyway. */
export const NO_TLS: TlsDigest = "";

/**
 * Says which certificates a connection to the server needs at present.
 *
 * @throws {ClientCertificateMissingError} if the server will ask for one that is not there
 */
export async function tlsDigest(server: Server, facts: Facts): Promise<TlsDigest> {
  const { certSecretName, clientCASecretName, clientCertSecretName } = server.spec.controlPlane;
  if (!certSecretName) return NO_TLS;
  const factsOf = (name: string) => facts.get(makeKey(server.namespace, name));
  const own = await factsOf(certSecretName);
  const authority = own?.["ca.crt"]?.digest ?? own?.["tls.crt"]?.digest ?? "none";
  if (!clientCASecretName) return digestOf({ authority });
  if (!clientCertSecretName) {
    throw new ClientCertificateMissingError(
      "the server asks for a client certificate (spec.controlPlane.clientCASecretName), and the operator has none to show; put one that this authority has signed into a Secret and name it in spec.controlPlane.clientCertSecretName",
    );
  }
  const client = await factsOf(clientCertSecretName);
  const [cert, key] = [client?.["tls.crt"], client?.["tls.key"]];
  if (!cert || !key || cert.faults.certificate || key.faults.privateKey) {
    throw new ClientCertificateMissingError(
      `the server asks for a client certificate, and Secret "${clientCertSecretName}" (spec.controlPlane.clientCertSecretName) has none that could be shown: it needs tls.crt and tls.key that belong together`,
    );
  }
  return digestOf({ authority, cert: cert.digest, key: key.digest });
}

/** Reads the certificates themselves. */
export async function tlsFiles(server: Server, api: Api): Promise<TlsFiles> {
  const { certSecretName, clientCASecretName, clientCertSecretName } = server.spec.controlPlane;
  const read = (name: string) => readSecret(api, server.namespace, name);
  const own = certSecretName ? await read(certSecretName) : undefined;
  const ca = own?.text("ca.crt") ?? own?.text("tls.crt");
  const client = clientCASecretName && clientCertSecretName
    ? await read(clientCertSecretName)
    : undefined;
  const [cert, key] = [client?.text("tls.crt"), client?.text("tls.key")];
  return {
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && key !== undefined && { cert, key }),
  };
}
