// The table of programs: where each comes from and with which flags it is compiled. Versions are
// not here but in e2e/tools/*/go.mod, so that each is pinned once; those below are what a program
// must say about itself or what its image is tagged with, and a test holds them against go.mod.

/** Programs that the toolchain can provide. */
export type ToolName =
  | "chainsaw"
  | "coredns"
  | "dfs"
  | "dfsctl"
  | "etcd"
  | "kind"
  | "kube-apiserver"
  | "kube-controller-manager"
  | "kube-proxy"
  | "kube-scheduler"
  | "kubeadm"
  | "kubectl"
  | "kubelet"
  | "local-path-provisioner"
  | "pause"
  | "versitygw";

/** The module graphs in e2e/tools. */
export const graphs = ["kubernetes", "dittofs", "s3"] as const;

/** The one that a program is built in. */
export type Graph = typeof graphs[number];

/** How one program is built. */
export interface Recipe {
  readonly graph: Graph;
  readonly package: string;
  readonly ldflags: string;
  /** Programs with the same word here are compiled in one call. */
  readonly together: string;
  /** Seconds on two cores when Go has nothing cached. */
  readonly usually: number;
  /** What a program on PATH must answer to be taken instead. */
  readonly onPath?: { readonly args: readonly string[]; readonly answer: RegExp };
}

/** The Kubernetes version of every test cluster that is built here. */
export const kubernetesVersion = "v1.34.4";

/** The DittoFS version that the operator is tested with. */
export const dittofsVersion = "v0.29.0";

/** The version of the S3 service. */
export const versitygwVersion = "v1.8.0";

/** Flags and environment of every compilation. Without cgo the programs run in empty images. */
export const goTools = {
  flags: ["-trimpath", "-buildvcs=false"],
  env: { CGO_ENABLED: "0", GOFLAGS: "-mod=readonly", GOWORK: "off" },
} as const;

const small = "-s -w";

// Without the stamp the programs call themselves v0.0.0 and kubeadm refuses to work with them.
const versionPackage = "k8s.io/component-base/version";
const [, major, minor] = /^v(\d+)\.(\d+)\./.exec(kubernetesVersion) ?? [];
const stamped = `${small} -X ${versionPackage}.gitVersion=${kubernetesVersion}` +
  ` -X ${versionPackage}.gitMajor=${major} -X ${versionPackage}.gitMinor=${minor}` +
  ` -X ${versionPackage}.gitTreeState=clean`;

function kubernetes(name: string, usually: number): Recipe {
  return {
    graph: "kubernetes",
    package: `k8s.io/kubernetes/cmd/${name}`,
    ldflags: stamped,
    together: "kubernetes",
    usually,
  };
}

function single(name: string, path: string, usually: number): Recipe {
  return { graph: "kubernetes", package: path, ldflags: small, together: name, usually };
}

function dittofs(name: string, usually: number): Recipe {
  return {
    graph: "dittofs",
    package: `github.com/marmos91/dittofs/cmd/${name}`,
    ldflags: `${small} -X main.version=${dittofsVersion}`,
    together: "dittofs",
    usually,
  };
}

/** Every program by its name. */
export const tools: Readonly<Record<ToolName, Recipe>> = {
  "chainsaw": {
    ...single("chainsaw", "github.com/kyverno/chainsaw", 45),
    onPath: { args: ["version"], answer: /\bv?0\.2\.14\b/ },
  },
  "coredns": single("coredns", "github.com/coredns/coredns", 35),
  "dfs": dittofs("dfs", 80),
  "dfsctl": dittofs("dfsctl", 10),
  "etcd": single("etcd", "go.etcd.io/etcd/server/v3", 10),
  "kind": {
    ...single("kind", "sigs.k8s.io/kind", 35),
    onPath: { args: ["version"], answer: /\bv0\.33\.0\b/ },
  },
  "kube-apiserver": kubernetes("kube-apiserver", 180),
  "kube-controller-manager": kubernetes("kube-controller-manager", 40),
  "kube-proxy": kubernetes("kube-proxy", 10),
  "kube-scheduler": kubernetes("kube-scheduler", 15),
  "kubeadm": kubernetes("kubeadm", 10),
  "kubectl": {
    ...kubernetes("kubectl", 20),
    onPath: { args: ["version", "--client"], answer: /Client Version: v1\.3[345]\./ },
  },
  "kubelet": kubernetes("kubelet", 40),
  "local-path-provisioner": single(
    "local-path-provisioner",
    "github.com/rancher/local-path-provisioner",
    10,
  ),
  "pause": single("pause", "./pause", 5),
  "versitygw": {
    graph: "s3",
    package: "github.com/versity/versitygw/cmd/versitygw",
    ldflags: small,
    together: "versitygw",
    usually: 60,
  },
};
