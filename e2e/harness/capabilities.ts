// Which Linux capabilities this machine cannot give. A sandbox may lack some in its bounding set;
// a container that asks for one of those is refused, and `docker run --privileged` asks for all.

/** The names in the order of their bits, from linux/capability.h. */
const names = [
  "CAP_CHOWN",
  "CAP_DAC_OVERRIDE",
  "CAP_DAC_READ_SEARCH",
  "CAP_FOWNER",
  "CAP_FSETID",
  "CAP_KILL",
  "CAP_SETGID",
  "CAP_SETUID",
  "CAP_SETPCAP",
  "CAP_LINUX_IMMUTABLE",
  "CAP_NET_BIND_SERVICE",
  "CAP_NET_BROADCAST",
  "CAP_NET_ADMIN",
  "CAP_NET_RAW",
  "CAP_IPC_LOCK",
  "CAP_IPC_OWNER",
  "CAP_SYS_MODULE",
  "CAP_SYS_RAWIO",
  "CAP_SYS_CHROOT",
  "CAP_SYS_PTRACE",
  "CAP_SYS_PACCT",
  "CAP_SYS_ADMIN",
  "CAP_SYS_BOOT",
  "CAP_SYS_NICE",
  "CAP_SYS_RESOURCE",
  "CAP_SYS_TIME",
  "CAP_SYS_TTY_CONFIG",
  "CAP_MKNOD",
  "CAP_LEASE",
  "CAP_AUDIT_WRITE",
  "CAP_AUDIT_CONTROL",
  "CAP_SETFCAP",
  "CAP_MAC_OVERRIDE",
  "CAP_MAC_ADMIN",
  "CAP_SYSLOG",
  "CAP_WAKE_ALARM",
  "CAP_BLOCK_SUSPEND",
  "CAP_AUDIT_READ",
  "CAP_PERFMON",
  "CAP_BPF",
  "CAP_CHECKPOINT_RESTORE",
] as const;

/** A capability's name as container runtimes write it. */
export type Capability = typeof names[number];

/**
 * The capabilities that the kernel knows and the bounding set lacks.
 *
 * @param status the text of /proc/self/status
 * @param last the number in /proc/sys/kernel/cap_last_cap
 */
export function missingCapabilities(status: string, last: number): readonly Capability[] {
  const hex = /^CapBnd:\s*([0-9a-f]+)$/m.exec(status)?.[1];
  if (hex === undefined) throw new Error("/proc/self/status has no CapBnd line");
  const bounding = BigInt(`0x${hex}`);
  return names.filter((_, bit) => bit <= last && (bounding >> BigInt(bit) & 1n) === 0n);
}

/** What the processes of this machine can never have; nothing outside Linux. */
export async function hostMissingCapabilities(): Promise<readonly Capability[]> {
  if (Deno.build.os !== "linux") return [];
  const [status, last] = await Promise.all([
    Deno.readTextFile("/proc/self/status"),
    Deno.readTextFile("/proc/sys/kernel/cap_last_cap"),
  ]);
  return missingCapabilities(status, Number(last));
}
