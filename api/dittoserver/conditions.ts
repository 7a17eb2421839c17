// The conditions of a DittoServer, and every reason that they can have.

import {
  type Conditions,
  DIFFERS,
  FAILED,
  INVALID_SPEC,
  no,
  patiently,
  READING,
  REFUSED,
  WAITING,
  WRITING,
  yes,
} from "../condition_reasons.ts";

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
    Paused: patiently(
      "The operator was told to change nothing, and not everything is as wanted.",
      "Set spec.paused to false and remove the annotation dittofs.dittofs.com/paused.",
    ),
    CheckingAdapters: no(
      "The pod is new, and whether it serves NFS and SMB is being looked at.",
    ),
    RestartHeld: patiently(
      "The server runs with an older configuration until its next maintenance window.",
      "Wait, or remove spec.maintenance to restart it now.",
    ),
    InvalidWindow: no(
      "A maintenance window cannot be understood, and never opens.",
      "Correct the window that the message names.",
    ),
    InvalidSpec: INVALID_SPEC,
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
    Resolved: yes("Every Secret that the spec names is there and usable."),
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
    ...READING,
  },
  StorageReady: {
    VolumesBound: yes("Every volume is bound and at least as large as wanted."),
    VolumePending: no(
      "A claim has no volume yet.",
      "If it lasts, follow the message: a StorageClass or its provisioner is missing.",
    ),
    Growing: no("A volume is on the way to the wanted size; the server goes on meanwhile."),
    ClassCannotGrow: no(
      "A volume is smaller than wanted, and its StorageClass does not let it grow.",
      "Set allowVolumeExpansion: true on the StorageClass if its provisioner can, or copy the data to a new DittoServer of another class.",
    ),
    GrowthRefused: no(
      "The API server does not let a claim grow, or be made.",
      "Follow the message: raise the ResourceQuota, or change the policy. It is tried again by itself.",
    ),
    GrowthInfeasible: no(
      "The storage cannot make a volume as large as wanted.",
      "Make room where the volume lies. It is tried again by itself.",
    ),
    VolumeLost: no(
      "The PersistentVolume of a claim is gone.",
      "Restore the PersistentVolume that the message names.",
    ),
    ClaimBeingDeleted: no(
      "Somebody has deleted a claim; it and its data go when no pod uses it any more.",
      "Save the data while the server runs. The server gets an empty volume when it starts the next time.",
    ),
  },
  NetworkReady: {
    Applied: yes("Services and NetworkPolicies are as the spec wants them."),
    AddressKept: yes(
      "Services that the Go operator left as load balancers still are, though the spec says ClusterIP, which is also what it says by itself.",
      "Set spec.adapterServices.type to LoadBalancer to keep the addresses, or remove the annotation dittofs.dittofs.com/kept-address from the Services to give them up.",
    ),
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
    ...READING,
    ...WRITING,
  },
  Authenticated: {
    LoggedIn: yes("The server lets the operator in."),
    RotationFailed: yes(
      "The server lets the operator in, and the admin did not get the new password that spec.identity.admin.passwordRotation asks for; it is being tried again.",
      "Follow the message. Both passwords are in the Secret until the new one counts.",
    ),
    ServerNotRunning: no("There is no running server to log in to."),
    Unreachable: no(
      "The server does not answer the operator. It goes on serving what it has.",
      "Follow the message: a NetworkPolicy, a certificate or the network stands in the way.",
    ),
    LoginRefused: no(
      "The server lets the operator in neither with its own account nor with the admin's password.",
      "Put the admin's present password into the Secret that the message names.",
    ),
    ClientCertificateMissing: no(
      "The server demands client certificates, and the operator has none.",
      "Name a Secret with one in spec.controlPlane.clientCertSecretName.",
    ),
  },
  AdaptersReady: {
    Serving: yes("Every protocol that is switched on is served, and none that is off."),
    ServerNotRunning: no("There is no running server."),
    Applying: no("Settings are on their way to the server, or it is taking them over."),
    NotListening: no(
      "A protocol is switched on, and nothing answers on its port.",
      "Follow the message; kubectl logs of the pod shows why. A port below 1024 needs a privilege.",
    ),
    Refused: REFUSED,
    Failed: FAILED,
    Differs: DIFFERS,
  },
  IdentityProvidersReady: {
    Applied: yes("The server has the settings of LDAP and Kerberos that the spec has."),
    RestartNeeded: no(
      "The server takes the settings over when it restarts, which status.rollout announces.",
      "Wait, or remove spec.maintenance to restart it now.",
    ),
    Waiting: WAITING,
    Refused: REFUSED,
    Failed: FAILED,
    Differs: DIFFERS,
  },
  SnapshotPoliciesReady: {
    Applied: yes("Snapshots are made as spec.snapshotPolicies has it."),
    ShareNotFound: no(
      "A policy is for a share that the server does not have; the others are applied.",
      "Make the share, or remove the policy.",
    ),
    NameTaken: no(
      "A DittoShare has a snapshot policy for the same share, and that one is applied.",
      "Remove one of the two.",
    ),
    Waiting: WAITING,
    Refused: REFUSED,
    Failed: FAILED,
    Differs: DIFFERS,
  },
} as const satisfies Conditions;
