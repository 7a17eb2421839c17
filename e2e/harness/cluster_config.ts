// The configuration of a test cluster, as text. kind and kubeadm read YAML; JSON is YAML.

/** What decides the form of a cluster. */
export interface ClusterForm {
  /** The node image was built here: it has its own pod network instead of kind's. */
  readonly ownNetwork: boolean;
  /** The machine cannot raise limits (no CAP_SYS_RESOURCE). */
  readonly reduced: boolean;
  /** Directories of this machine. */
  readonly auditDirectory: string;
  readonly policyDirectory: string;
}

const auditMount = "/var/log/kubernetes/audit";
const policyMount = "/etc/kubernetes/audit";

/** The names of the files in the two directories. */
export const auditFile = "audit.log";
export const policyFile = "policy.yaml";

/** The text of kind's configuration file. */
export function kindConfig(form: ClusterForm): string {
  return JSON.stringify(
    {
      kind: "Cluster",
      apiVersion: "kind.x-k8s.io/v1alpha4",
      ...(form.ownNetwork ? { networking: { disableDefaultCNI: true } } : {}),
      // Lets kubelet go on where it cannot set what only CAP_SYS_RESOURCE may set.
      ...(form.reduced ? { featureGates: { KubeletInUserNamespace: true } } : {}),
      nodes: [{
        role: "control-plane",
        extraMounts: [
          { hostPath: form.auditDirectory, containerPath: auditMount },
          { hostPath: form.policyDirectory, containerPath: policyMount, readOnly: true },
        ],
        kubeadmConfigPatches: [JSON.stringify(auditPatch())],
      }],
    },
    undefined,
    2,
  );
}

/**
 * The audit policy: who asked for what, never with bodies, so that no Secret's content can get
 * into the log. The stage in which a request has only come in is left out; each request has a
 * later one.
 */
export function auditPolicy(): string {
  return JSON.stringify({
    apiVersion: "audit.k8s.io/v1",
    kind: "Policy",
    omitStages: ["RequestReceived"],
    rules: [{ level: "Metadata" }],
  });
}

function auditPatch(): unknown {
  const volume = (name: string, path: string, readOnly: boolean) => ({
    name,
    hostPath: path,
    mountPath: path,
    readOnly,
    pathType: "Directory",
  });
  return {
    kind: "ClusterConfiguration",
    apiServer: {
      extraArgs: {
        "audit-policy-file": `${policyMount}/${policyFile}`,
        "audit-log-path": `${auditMount}/${auditFile}`,
        "audit-log-maxsize": "500",
        "audit-log-maxbackup": "1",
      },
      extraVolumes: [
        volume("audit-policy", policyMount, true),
        volume("audit-log", auditMount, false),
      ],
    },
  };
}
