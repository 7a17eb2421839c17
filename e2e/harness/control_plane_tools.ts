// Which binaries the plain control plane runs: those of KUBEBUILDER_ASSETS when the user has
// envtest's (https://book.kubebuilder.io/reference/envtest), else those of our own toolchain.
// envtest has no kube-controller-manager, so only what needs it is refused then.

/** The programs of a plain control plane. */
export type PlaneTool = "etcd" | "kube-apiserver" | "kube-controller-manager" | "kubectl";

/** Their absolute paths. */
export interface PlaneTools {
  readonly etcd: string;
  readonly "kube-apiserver": string;
  readonly kubectl: string;
  /** Present when it was asked for. */
  readonly "kube-controller-manager"?: string;
}

/** Gives the absolute paths of tools, building them first if need be. */
export type EnsureTools = (names: readonly PlaneTool[]) => Promise<
  Readonly<Partial<Record<string, string>>>
>;

/**
 * Finds the tools.
 *
 * @param assets the value of KUBEBUILDER_ASSETS; undefined or empty means that it is not set
 * @throws {Error} that names the missing program and the remedy
 */
export async function planeTools(
  needs: { readonly controllerManager: boolean },
  assets: string | undefined,
  ensureTools: EnsureTools,
): Promise<PlaneTools> {
  const names: PlaneTool[] = ["etcd", "kube-apiserver", "kubectl"];
  if (needs.controllerManager) names.push("kube-controller-manager");
  const paths = assets ? await assetPaths(names, assets) : await ensureTools(names);
  const path = (name: PlaneTool): string => {
    const found = paths[name];
    if (found === undefined) throw new Error(`the toolchain gave no path for ${name}`);
    return found;
  };
  return {
    etcd: path("etcd"),
    "kube-apiserver": path("kube-apiserver"),
    kubectl: path("kubectl"),
    ...(needs.controllerManager &&
      { "kube-controller-manager": path("kube-controller-manager") }),
  };
}

async function assetPaths(
  names: readonly PlaneTool[],
  assets: string,
): Promise<Record<string, string>> {
  const paths: Record<string, string> = {};
  for (const name of names) {
    const path = `${assets}/${name}`;
    if (!(await isFile(path))) throw new Error(missing(name, assets));
    paths[name] = path;
  }
  return paths;
}

function missing(name: PlaneTool, assets: string): string {
  return name === "kube-controller-manager"
    ? `this needs kube-controller-manager, which envtest binaries do not include: ` +
      `unset KUBEBUILDER_ASSETS, or put the program into ${assets}`
    : `KUBEBUILDER_ASSETS is ${assets}, but ${name} is not there: ` +
      `unset KUBEBUILDER_ASSETS, or install the envtest binaries in it`;
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) {
      return false;
    }
    throw error;
  }
}
