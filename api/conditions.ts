// The conditions of our resources: what each is about, and every reason it can have.
//
// Ready, Reconciling and Stalled follow kstatus, so that `kubectl wait`, Flux, Helm and Argo CD
// understand them without being told: Ready is always there; Reconciling and Stalled are there
// only while they are true.

/** A reason, what it means, and what to do about it. */
export interface Reason {
  /** The status of the condition that has it. */
  readonly status: "True" | "False";
  readonly meaning: string;
  readonly remedy?: string;
}

/** The conditions of a resource, each with its reasons. */
export type Conditions = Readonly<Record<string, Readonly<Record<string, Reason>>>>;

/** The conditions of a DittoServer. */
export const DITTO_SERVER_CONDITIONS = {
  Ready: {
    Serving: {
      status: "True",
      meaning: "The server runs with the present configuration and answers.",
    },
    Stopped: {
      status: "True",
      meaning: "The server is stopped as wanted, and its data kept.",
      remedy: "Set spec.replicas to 1, and spec.hibernate to false, to start it.",
    },
    WaitingForPod: {
      status: "False",
      meaning: "The pod is being created or replaced and is not ready yet.",
    },
    InvalidSpec: {
      status: "False",
      meaning: "The stored spec has a value that this version of the operator cannot use.",
      remedy: "Correct the fields that the message names.",
    },
    NotOurs: {
      status: "False",
      meaning: "An object of a name that the server needs exists and belongs to somebody else.",
      remedy: "Rename or delete the object that the message names.",
    },
    SecretIncomplete: {
      status: "False",
      meaning: "A Secret that the server reads lacks a key.",
      remedy: "Put the key back, or delete the Secret so that a new one is generated.",
    },
    ApplyRefused: {
      status: "False",
      meaning: "The API server refuses an object that the server needs.",
      remedy: "Follow the message: a quota, a policy or a permission stands in the way.",
    },
    ApplyFailed: {
      status: "False",
      meaning: "An object could not be written; it is being tried again.",
    },
  },
  Available: {
    PodReady: { status: "True", meaning: "The pod answers its readiness probe." },
    NoPodReady: { status: "False", meaning: "No pod answers its readiness probe." },
    Stopped: { status: "False", meaning: "The server is stopped." },
  },
  StorageReady: {
    VolumesBound: {
      status: "True",
      meaning: "Every volume is bound and at least as large as wanted.",
    },
    VolumePending: {
      status: "False",
      meaning: "A claim has no volume yet.",
      remedy: "If it lasts, follow the message: a StorageClass or its provisioner is missing.",
    },
    Growing: { status: "False", meaning: "A volume is on the way to the wanted size." },
    ClassCannotGrow: {
      status: "False",
      meaning: "A volume is smaller than wanted, and its StorageClass does not let it grow.",
      remedy:
        "Set allowVolumeExpansion: true on the StorageClass if its provisioner can, or copy the data to a new DittoServer of another class.",
    },
    GrowthRefused: {
      status: "False",
      meaning: "The API server does not let a claim grow, or be made.",
      remedy:
        "Follow the message: raise the ResourceQuota, or change the policy. It is tried again by itself.",
    },
    GrowthInfeasible: {
      status: "False",
      meaning: "The storage cannot make a volume as large as wanted.",
      remedy: "Make room where the volume lies. It is tried again by itself.",
    },
    VolumeLost: {
      status: "False",
      meaning: "The PersistentVolume of a claim is gone.",
      remedy: "Restore the PersistentVolume that the message names.",
    },
    ClaimBeingDeleted: {
      status: "False",
      meaning: "Somebody has deleted a claim; it and its data go when no pod uses it any more.",
      remedy:
        "Save the data while the server runs. The server gets an empty volume when it starts the next time.",
    },
  },
} as const satisfies Conditions;

/** A reason of the condition Ready. */
export type ReadyReason = keyof typeof DITTO_SERVER_CONDITIONS.Ready;

/** A reason of the condition StorageReady. */
export type StorageReason = keyof typeof DITTO_SERVER_CONDITIONS.StorageReady;
