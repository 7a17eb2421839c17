// The files and command lines of the plain control plane, as pure functions.
//
// Certificates: the API server signs its own serving certificate into its --cert-dir and appends
// the signing certificate to that file, so the file is also the CA bundle for clients, and a
// restarted server finds and keeps it. People are told apart by static tokens. So no certificate
// has to be made by us (WebCrypto and node:crypto cannot sign X.509).

import { generateKeyPairSync } from "node:crypto";

/** The user of the groups `system:masters`, whom RBAC never refuses. */
export const adminUser = "admin";

/** Where everything of one control plane lies. */
export function planePaths(directory: string) {
  return {
    directory,
    etcdData: `${directory}/etcd`,
    certificates: `${directory}/certificates`,
    ca: `${directory}/certificates/apiserver.crt`,
    tokens: `${directory}/tokens.csv`,
    auditPolicy: `${directory}/audit-policy.json`,
    auditLog: `${directory}/audit.log`,
    serviceAccountKey: `${directory}/service-account.key`,
    serviceAccountPublicKey: `${directory}/service-account.pub`,
    log: (component: string) => `${directory}/${component}.log`,
    // KUBECONFIG is a list with colons, and names of service accounts have some.
    kubeconfig: (user: string) => `${directory}/${user.replaceAll(":", "_")}.kubeconfig`,
  };
}

/** The result of {@link planePaths}. */
export type PlanePaths = ReturnType<typeof planePaths>;

/** How much of each request the audit log keeps. */
export type AuditLevel = "Metadata" | "Request";

/**
 * Every request once, when it is answered (and a watch also when it begins). Request bodies of
 * Secrets are never kept; questions after the server's own health are not kept at all.
 */
export function auditPolicy(level: AuditLevel): string {
  return JSON.stringify({
    apiVersion: "audit.k8s.io/v1",
    kind: "Policy",
    omitStages: ["RequestReceived"],
    omitManagedFields: true,
    rules: [
      { level: "None", nonResourceURLs: ["/healthz*", "/livez*", "/readyz*"] },
      { level: "Metadata", resources: [{ group: "", resources: ["secrets"] }] },
      { level },
    ],
  });
}

/** One line of the static token file: `token,user,uid` and, if any, `,"group,group"`. */
export function tokenLine(user: string, token: string, groups: readonly string[]): string {
  for (const word of [user, token, ...groups]) {
    if (!/^[A-Za-z0-9:._-]+$/.test(word)) throw new TypeError(`not a plain name: ${word}`);
  }
  const quoted = groups.length === 0 ? "" : `,"${groups.join(",")}"`;
  return `${token},${user},${user}${quoted}\n`;
}

/** What a kubeconfig says about one user. JSON is YAML, so every reader takes it. */
export function kubeconfig(
  facts: {
    readonly url: string;
    readonly ca: string;
    readonly user: string;
    readonly token: string;
  },
): string {
  const caData = btoa(facts.ca);
  return JSON.stringify(
    {
      apiVersion: "v1",
      kind: "Config",
      "current-context": "plane",
      clusters: [{
        name: "plane",
        cluster: { server: facts.url, "certificate-authority-data": caData },
      }],
      users: [{ name: facts.user, user: { token: facts.token } }],
      contexts: [{
        name: "plane",
        context: { cluster: "plane", user: facts.user, namespace: "default" },
      }],
    },
    null,
    2,
  );
}

/** The key pair that signs service-account tokens. P-256, because it is made at once. */
export function serviceAccountKeys(): { readonly privateKey: string; readonly publicKey: string } {
  return generateKeyPairSync("ec", {
    namedCurve: "P-256",
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
    publicKeyEncoding: { type: "spki", format: "pem" },
  });
}

/** etcd on loopback. Nothing is kept beyond the test, so it never waits for the disk. */
export function etcdArgs(paths: PlanePaths, client: number, peer: number): string[] {
  return [
    "--name=plane",
    `--data-dir=${paths.etcdData}`,
    `--listen-client-urls=http://127.0.0.1:${client}`,
    `--advertise-client-urls=http://127.0.0.1:${client}`,
    `--listen-peer-urls=http://127.0.0.1:${peer}`,
    `--initial-advertise-peer-urls=http://127.0.0.1:${peer}`,
    `--initial-cluster=plane=http://127.0.0.1:${peer}`,
    "--unsafe-no-fsync",
    "--log-level=warn",
  ];
}

/** The API server on loopback, with RBAC and the audit log. */
export function apiServerArgs(paths: PlanePaths, etcd: number, port: number): string[] {
  return [
    `--etcd-servers=http://127.0.0.1:${etcd}`,
    "--bind-address=127.0.0.1",
    "--advertise-address=127.0.0.1",
    `--secure-port=${port}`,
    `--cert-dir=${paths.certificates}`,
    `--token-auth-file=${paths.tokens}`,
    "--authorization-mode=RBAC",
    "--service-cluster-ip-range=10.0.0.0/16",
    "--service-account-issuer=https://kubernetes.default.svc",
    `--service-account-key-file=${paths.serviceAccountPublicKey}`,
    `--service-account-signing-key-file=${paths.serviceAccountKey}`,
    // Nobody in this cluster dials the Service "kubernetes"; its endpoints would be noise.
    "--endpoint-reconciler-type=none",
    "--allow-privileged=true",
    // Else SIGTERM waits for the watches' clients, who have no reason to leave.
    "--shutdown-watch-termination-grace-period=1s",
    "--profiling=false",
    `--audit-policy-file=${paths.auditPolicy}`,
    `--audit-log-path=${paths.auditLog}`,
    // 0 would mean "rotate at 100 MB", and a reader would miss what was rotated away.
    "--audit-log-maxsize=100000",
    // An answer is given only when its audit event was handed to the file.
    "--audit-log-mode=blocking",
  ];
}

/** Garbage collection, StatefulSets, Deployments, service accounts: the controllers of a cluster. */
export function controllerManagerArgs(paths: PlanePaths): string[] {
  return [
    `--kubeconfig=${paths.kubeconfig("controller-manager")}`,
    `--service-account-private-key-file=${paths.serviceAccountKey}`,
    `--root-ca-file=${paths.ca}`,
    "--leader-elect=false",
    "--secure-port=0",
    "--kube-api-qps=200",
    "--kube-api-burst=400",
  ];
}
