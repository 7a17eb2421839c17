// What a built node has besides Debian and kind's files: the Kubernetes programs, the links that
// turn services on, a network for pods, and what a machine without some capability needs changed.

import type { Capability } from "../harness/capabilities.ts";
import { kubernetesVersion } from "../harness/tools.ts";
import type { KindFiles } from "./kind_files.ts";
import { directory, file, link, type TarEntry, text } from "./tar.ts";

/** The addresses of pods on the one node. */
export const podSubnet = "10.244.0.0/24";

const enabled = ["kubelet", "containerd", "undo-mount-hacks"];

/** All entries of the layer on top of Debian's. */
export function nodeEntries(
  kind: KindFiles,
  programs: Readonly<Record<"kubelet" | "kubeadm" | "kubectl", string>>,
  containerSpec: string,
  missing: readonly Capability[],
): readonly TarEntry[] {
  const wants = "etc/systemd/system/multi-user.target.wants";
  return [
    ...kind.entries,
    text("etc/containerd/config.toml", containerdConfig(kind.containerdConfig, missing)),
    text("etc/containerd/cri-base.json", baseSpec(containerSpec)),
    text("kind/version", kubernetesVersion),
    directory("kind/manifests"),
    text("kind/manifests/default-storage.yaml", kind.storage.manifest),
    directory("etc/kubernetes"),
    directory("etc/kubernetes/manifests"),
    // kind's units name these two places; Debian has its programs elsewhere.
    link("usr/local/bin/containerd", "/usr/bin/containerd"),
    link("usr/sbin/init", "/usr/lib/systemd/systemd"),
    directory("opt/cni"),
    link("opt/cni/bin", "/usr/lib/cni"),
    directory("etc/cni"),
    directory("etc/cni/net.d"),
    text("etc/cni/net.d/10-pods.conflist", podNetwork()),
    directory(wants),
    ...enabled.map((name) =>
      link(`${wants}/${name}.service`, `/etc/systemd/system/${name}.service`)
    ),
    // It would register handlers in the kernel for the whole machine.
    link("etc/systemd/system/systemd-binfmt.service", "/dev/null"),
    directory("etc/systemd/journald.conf.d"),
    text("etc/systemd/journald.conf.d/kind.conf", "[Journal]\nReadKMsg=no\n"),
    ...limitEntries(missing),
    ...Object.entries(programs).map(([name, path]) => file(`usr/bin/${name}`, path)),
  ];
}

// containerd lowers the score by which the kernel picks victims when memory runs out, which takes
// CAP_SYS_RESOURCE; kind's own setting for that case is the one that is switched on here.
function containerdConfig(config: string, missing: readonly Capability[]): string {
  if (!missing.includes("CAP_SYS_RESOURCE")) return config;
  const changed = config.replace("restrict_oom_score_adj = false", "restrict_oom_score_adj = true");
  if (changed === config) {
    throw new Error("kind's containerd configuration has no restrict_oom_score_adj any more");
  }
  return changed;
}

// The same change: limits and scores that only CAP_SYS_RESOURCE may raise are left as they are.
function limitEntries(missing: readonly Capability[]): readonly TarEntry[] {
  if (!missing.includes("CAP_SYS_RESOURCE")) return [];
  return [
    directory("etc/systemd/system/containerd.service.d"),
    text(
      "etc/systemd/system/containerd.service.d/10-no-sys-resource.conf",
      "[Service]\nLimitNPROC=\nLimitCORE=\nLimitNOFILE=\nOOMScoreAdjust=0\n",
    ),
  ];
}

/** One node needs no overlay: a pair of interfaces per pod and a range of addresses. */
function podNetwork(): string {
  return JSON.stringify(
    {
      cniVersion: "0.4.0",
      name: "pods",
      plugins: [
        {
          type: "ptp",
          ipMasq: true,
          ipam: {
            type: "host-local",
            dataDir: "/run/cni-ipam-state",
            ranges: [[{ subnet: podSubnet }]],
            routes: [{ dst: "0.0.0.0/0" }],
          },
        },
        { type: "portmap", capabilities: { portMappings: true } },
      ],
    },
    undefined,
    2,
  );
}

/** containerd's default for containers with kind's hook in it and without limits of its own. */
export function baseSpec(containerSpec: string): string {
  const spec = record(JSON.parse(containerSpec));
  const hooks = record(spec.hooks ?? {});
  const { rlimits: _, ...process } = record(spec.process);
  const hook = { path: "/kind/bin/mount-product-files.sh" };
  const existing = Array.isArray(hooks.createContainer) ? hooks.createContainer : [];
  return JSON.stringify({
    ...spec,
    process,
    hooks: { ...hooks, createContainer: [...existing, hook] },
  });
}

function record(value: unknown): Record<string, unknown> {
  if (typeof value !== "object" || value === null) throw new Error("not a container specification");
  return { ...value };
}
