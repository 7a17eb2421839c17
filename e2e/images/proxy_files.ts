// The part of the node's file system that kube-proxy's image needs besides kube-proxy.

/** iptables, conntrack and the libraries that they load. */
export const proxyPackages = [
  "iptables",
  "conntrack",
  "kmod",
  "libc6",
  "libip4tc2",
  "libip6tc2",
  "libkmod2",
  "liblzma5",
  "libmnl0",
  "libnetfilter-conntrack3",
  "libnfnetlink0",
  "libnftnl11",
  "libssl3",
  "libxtables12",
  "libzstd1",
];

/** The files of `proxyPackages`, without documentation, relative to the root. */
export async function proxyFiles(root: string): Promise<readonly string[]> {
  const info = `${root}/var/lib/dpkg/info`;
  const wanted = new Set(proxyPackages);
  const files = new Set(["bin", "sbin", "lib", "lib64"]);
  for await (const entry of Deno.readDir(info)) {
    const name = /^([^:]+)(?::\w+)?\.list$/.exec(entry.name)?.[1];
    if (name === undefined || !wanted.has(name)) continue;
    const list = await Deno.readTextFile(`${info}/${entry.name}`);
    for (const path of list.split("\n")) {
      const kept = runtimePath(path);
      if (kept !== undefined) files.add(kept);
    }
  }
  // The commands that the alternatives system makes belong to no package's list.
  for (const dir of ["usr/sbin", "etc/alternatives"]) {
    for await (const entry of Deno.readDir(`${root}/${dir}`)) {
      if (/^ip6?tables/.test(entry.name)) files.add(`${dir}/${entry.name}`);
    }
  }
  return [...files];
}

/** Where a packaged file lies below the root; undefined for what only people read. */
export function runtimePath(packaged: string): string | undefined {
  const path = packaged.replace(/^\//, "").replace(/^(bin|sbin|lib|lib64)\//, "usr/$1/");
  if (path === "" || path === "." || /^(bin|sbin|lib|lib64)$/.test(path)) return undefined;
  return /^usr\/share\/(doc|man|locale|lintian|bug)(\/|$)/.test(path) ? undefined : path;
}
