// What the objects of a server are called and labelled.
//
// Names, selector labels and claim names are those of the Go operator, so that a server which
// it managed is taken over in place. The recommended labels stand beside them.

/** Name of this operator as label value and field manager. */
export const OPERATOR = "dittofs-operator";

/** The label that says who made an object. */
export const MANAGED_BY_LABEL = "app.kubernetes.io/managed-by";

/** Which objects belong to this operator: the label selector of every watch of children. */
export const CHILD_SELECTOR = `${MANAGED_BY_LABEL}=${OPERATOR}`;

/** Where the digest of what was applied is kept on each child. */
export const APPLIED_ANNOTATION = "dittofs.dittofs.com/applied";

/** On the pod template: the digest of what the pod consumes. It changes, the pod is replaced. */
export const CONFIG_HASH_ANNOTATION = "dittofs.io/config-hash";

/** On the pod template: the UID of the pod that was replaced for settings of the database. */
export const RESTARTED_FOR_ANNOTATION = "dittofs.dittofs.com/restarted-for";

/** The container of the server. */
export const CONTAINER = "dittofs";

/** The REST API's port on container and Services. */
export const API_PORT = "api";

/** The metrics' port on container and Service. */
export const METRICS_PORT = "metrics";

/** The file protocols. */
export const PROTOCOLS = ["nfs", "smb"] as const;
export type Protocol = typeof PROTOCOLS[number];

/** Names of the objects made for the server called `server`. */
export function namesOf(server: string) {
  return {
    statefulSet: server,
    configMap: `${server}-config`,
    headlessService: `${server}-headless`,
    apiService: `${server}-api`,
    metricsService: `${server}-metrics`,
    /** The ServiceMonitor or PodMonitor. */
    monitor: `${server}-metrics`,
    /** The Service of a protocol. */
    adapterService: (protocol: Protocol) => `${server}-adapter-${protocol}`,
    networkPolicy: `${server}-baseline`,
    disruptionBudget: server,
    jwtSecret: `${server}-jwt-secret`,
    adminSecret: `${server}-admin-bootstrap-credentials`,
    databaseSecret: `${server}-database-credentials`,
    /** The account of the operator on the server. */
    operatorSecret: `${server}-operator-credentials`,
    pod: `${server}-0`,
    /** The claim of a volume, as the StatefulSet names it. */
    claim: (volume: string) => `${volume}-${server}-0`,
  } as const;
}

/** The labels by which Services and the StatefulSet find the pod. They never change. */
export function selectorLabels(server: string) {
  return { app: "dittofs-server", instance: server } as const;
}

/** All labels of an object made for a server. */
export function labelsOf(server: string): Readonly<Record<string, string>> {
  return {
    ...selectorLabels(server),
    "app.kubernetes.io/name": "dittofs",
    "app.kubernetes.io/instance": server,
    "app.kubernetes.io/component": "server",
    "app.kubernetes.io/part-of": "dittofs",
    [MANAGED_BY_LABEL]: OPERATOR,
  };
}
