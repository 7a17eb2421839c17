// The conditions of a DittoShare, and every reason that they can have.

import {
  type Conditions,
  DIFFERS,
  FAILED,
  INVALID_SPEC,
  NAMES,
  no,
  patiently,
  READING,
  REFUSED,
  SERVER_READY,
  WAITING,
  WRITING,
  yes,
} from "../condition_reasons.ts";

/** The conditions of a DittoShare. */
export const DITTO_SHARE_CONDITIONS = {
  Ready: {
    Serving: yes("Clients can use the share, and everything about it is as the spec wants it."),
    Deleting: no("The share is on its way out; the message says what is waited for."),
    InvalidSpec: INVALID_SPEC,
  },
  ServerReady: SERVER_READY,
  StoresReady: {
    Made: yes("The share has its stores, and the server can use them."),
    Waiting: WAITING,
    SecretNotFound: no(
      "The Secret with the access key of the bucket does not exist.",
      "Create the Secret that the message names, or correct its name in the spec.",
    ),
    SecretKeyMissing: no(
      "The Secret with the access key of the bucket lacks a key.",
      "Put the key into the Secret, or correct its name in the spec.",
    ),
    SecretInvalid: no(
      "The Secret with the access key of the bucket has a value that cannot be one.",
      "Correct the value; the message says what is wrong with it, and never shows it.",
    ),
    ...READING,
    NotOurs: NAMES.NotOurs,
    ContentsElsewhere: no(
      "An earlier share of the name has left files, and their contents are not where the spec says.",
      "Correct spec.storage.remote, or choose another shareName.",
    ),
    RemoteUnreachable: no(
      "The S3 service does not answer, or refuses the access key. What is in the local cache is served; what is written stays there until it answers.",
      "Follow the message: the endpoint, the bucket, the access key or the network is wrong.",
    ),
    Warming: patiently(
      "The local cache was lost, and is being filled from the bucket before clients are let in.",
    ),
    NoRoom: no(
      "The volume of the server is too small for what the spec wants.",
      "Make spec.storage.contentSize of the DittoServer larger, or the share smaller.",
    ),
    RestartNeeded: no(
      "The server takes the new stores over when it restarts.",
      "Wait for the next restart of the server, or delete its pod.",
    ),
    Refused: REFUSED,
    Failed: FAILED,
    Differs: DIFFERS,
  },
  Serving: {
    Healthy: yes("The server has loaded the share and says that it is healthy."),
    Waiting: WAITING,
    Loading: no("The share was made, and the server is loading it."),
    Unhealthy: no(
      "The server has the share and cannot serve it.",
      "Follow the message, which is the server's own.",
    ),
    Disabled: no("The share is switched off while the operator works on it."),
    RestartNeeded: no(
      "Part of what protects the share takes effect when the server restarts.",
      "Wait for the next restart of the server, or delete its pod.",
    ),
    OwnerNotFound: no(
      "The user in spec.owner is not on the server, or has no uid.",
      "Make a DittoUser with a uid of that name; the share is made as soon as there is one.",
    ),
    ...NAMES,
    Refused: REFUSED,
    Failed: FAILED,
    Differs: DIFFERS,
  },
  GrantsReady: {
    Granted: yes("Everybody has the permissions that the spec has."),
    Waiting: WAITING,
    NotFound: no(
      "A user or group with a grant is not on the server; the other grants are in force.",
      "Make a DittoUser or DittoGroup of that name, or correct it in the spec.",
    ),
    Refused: REFUSED,
    Failed: FAILED,
    Differs: DIFFERS,
  },
  QuotasReady: {
    Applied: yes("Every quota of a user or group is in force."),
    Waiting: WAITING,
    NotFound: no(
      "A user or group with a quota is not on the server or has no number; the other quotas are in force.",
      "Make a DittoUser with a uid or a DittoGroup with a gid, or correct the name in the spec.",
    ),
    Ambiguous: no(
      "Two quotas are for the same user or group, once by name and once by number; the one by name is in force.",
      "Remove one of them.",
    ),
    Refused: REFUSED,
    Failed: FAILED,
    Differs: DIFFERS,
  },
  SnapshotPolicyReady: {
    Applied: yes("Snapshots are made as the spec has it."),
    Waiting: WAITING,
    Refused: REFUSED,
    Failed: FAILED,
    Differs: DIFFERS,
  },
  VolumeReady: {
    Bound: yes("The PersistentVolumeClaim is bound, and pods can mount it."),
    Waiting: WAITING,
    ClaimPending: no(
      "The PersistentVolumeClaim is not bound yet.",
      "If it lasts, follow the message.",
    ),
    ServerMoved: no(
      "The server has another address than the PersistentVolume, which cannot be given a new one.",
      "Delete the PersistentVolumeClaim and the pods that use it; both are made again.",
    ),
    NfsOff: no(
      "The server does not serve NFS, with which the volume is mounted.",
      "Set spec.adapters.nfs.enabled of the DittoServer to true, or remove spec.persistentVolume.",
    ),
    ...WRITING,
  },
} as const satisfies Conditions;
