// The conditions of our resources: what each is about, and every reason it can have.
//
// Ready, Reconciling and Stalled follow kstatus, so that `kubectl wait`, Flux, Helm and Argo CD
// understand them without being told: Ready is always there; Reconciling and Stalled are there
// only while they are true. The other conditions say of one aspect each how it is, and Ready has
// the reason of the aspect that stands in its way.

/** A reason, what it means, and what to do about it. */
export interface Reason {
  /** The status of the condition that has it. */
  readonly status: "True" | "False";
  readonly meaning: string;
  readonly remedy?: string;
}

/** The conditions of a resource, each with its reasons. */
export type Conditions = Readonly<Record<string, Readonly<Record<string, Reason>>>>;

const no = (meaning: string, remedy?: string): Reason => ({
  status: "False",
  meaning,
  ...(remedy !== undefined && { remedy }),
});

const yes = (meaning: string, remedy?: string): Reason => ({
  ...no(meaning, remedy),
  status: "True",
});

/** What can be wrong with any object that is written. */
const WRITING = {
  NotOurs: no(
    "An object of a name that the server needs exists and belongs to somebody else. It is left as it is.",
    "Rename or delete the object that the message names.",
  ),
  ApplyRefused: no(
    "The API server refuses an object that the server needs.",
    "Follow the message: a quota, a policy or a permission stands in the way.",
  ),
  ApplyFailed: no("An object could not be written; it is being tried again."),
} as const;

/** The conditions of a DittoServer. */
export const DITTO_SERVER_CONDITIONS = {
  Ready: {
    Serving: yes("The server runs with the present configuration and answers."),
    Stopped: yes(
      "The server is stopped as wanted, and its data kept.",
      "Set spec.replicas to 1 and spec.hibernate to false to start it.",
    ),
    WaitingForPod: no("The pod is being created or replaced and is not ready yet."),
    PodFailing: no(
      "The pod cannot start, or ends again and again.",
      "Follow the message; kubectl describe pod and kubectl logs show more.",
    ),
    Paused: no(
      "The operator was told to change nothing, and not everything is as wanted.",
      "Set spec.paused to false and remove the annotation dittofs.dittofs.com/paused.",
    ),
    RestartHeld: no(
      "The server runs with an older configuration until its next maintenance window.",
      "Wait, or remove spec.maintenance to restart it now.",
    ),
    InvalidWindow: no(
      "A maintenance window cannot be understood, and never opens.",
      "Correct the window that the message names.",
    ),
    InvalidSpec: no(
      "The stored spec has a value that this version of the operator cannot use.",
      "Correct the fields that the message names.",
    ),
  },
  Available: {
    PodReady: yes("The pod answers its readiness probe."),
    NoPodReady: no("No pod answers its readiness probe."),
    Stopped: no("The server is stopped."),
  },
  ConfigReady: {
    Applied: yes("Configuration, Secrets and StatefulSet are as the spec wants them."),
    Waiting: no("Something else has to be in order first; the running server stays as it is."),
    ...WRITING,
  },
  ReferencesResolved: {
    Resolved: yes("Every Secret that the server reads is there and usable."),
    SecretNotFound: no(
      "A Secret that the spec names does not exist. A running server goes on with what it has.",
      "Create the Secret that the message names, or correct its name in the spec.",
    ),
    SecretKeyMissing: no(
      "A Secret lacks a key that the server reads. A running server goes on with what it has.",
      "Put the key into the Secret, or correct its name in the spec.",
    ),
    SecretInvalid: no(
      "A Secret has a value that the server would refuse. A running server goes on with what it has.",
      "Correct the value; the message says what is wrong with it, and never shows it.",
    ),
  },
  StorageReady: {
    VolumesBound: yes("Every volume is there and as large as wanted."),
    VolumePending: no(
      "A volume is not there yet.",
      "If it stays so, look at the claim with kubectl describe pvc.",
    ),
    Growing: no("A volume is being made larger; the server goes on meanwhile."),
    ClassCannotGrow: no(
      "A volume should be larger, and its StorageClass does not allow that.",
      "Set allowVolumeExpansion in the StorageClass if its driver can, or restore the old size.",
    ),
    GrowthRefused: no(
      "The API server refuses to make a volume larger, as when a quota is used up. It is being tried again.",
      "Follow the message, or restore the old size.",
    ),
    GrowthFailed: no(
      "The storage could not make a volume larger.",
      "Look at the claim with kubectl describe pvc.",
    ),
    ClaimBeingDeleted: no(
      "Somebody deleted the claim of a volume. It goes when the pod stops, and its data with it.",
      "Save the data before the server stops.",
    ),
  },
  NetworkReady: {
    Applied: yes("Services and NetworkPolicies are as the spec wants them."),
    LoadBalancerPending: no(
      "A load balancer has no address yet. The server is reached from within the cluster meanwhile.",
      "If it stays so, look at the Service with kubectl describe.",
    ),
    ...WRITING,
  },
  DatabaseReady: {
    SQLite: yes("The control-plane database is a file on the control-plane volume."),
    PostgreSQL: yes("The control-plane database is the PostgreSQL that the spec names."),
    PerconaNotSupported: no(
      "This version of the operator does not make a PerconaPGCluster. A running server stays as it is.",
      "Name a cluster of yours in spec.database.postgresSecretRef, or switch spec.percona off.",
    ),
  },
  MonitoringReady: {
    Applied: yes("ServiceMonitor or PodMonitor are as the spec wants them."),
    NotServed: no(
      "The cluster does not know ServiceMonitors or PodMonitors; they are made as soon as it does.",
      "Install the Prometheus operator, or switch them off.",
    ),
    ...WRITING,
  },
} as const satisfies Conditions;

/** The conditions that say of one aspect how it is. */
export type Aspect = Exclude<keyof typeof DITTO_SERVER_CONDITIONS, "Ready" | "Available">;

/** A reason of an aspect. */
export type AspectReason = {
  [A in Aspect]: keyof typeof DITTO_SERVER_CONDITIONS[A];
}[Aspect];

/** A reason of the condition Ready. */
export type ReadyReason = keyof typeof DITTO_SERVER_CONDITIONS.Ready | AspectReason;
