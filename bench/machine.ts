// Which machine, and which versions: a figure means nothing without them.

import { z } from "zod";

/** Where and with what a run was made. */
export interface Machine {
  readonly cores: number;
  readonly cpu: string;
  /** Bytes. */
  readonly memory: number;
  readonly kernel: string;
  readonly deno: string;
  readonly kubernetes: string;
}

/** The model name in /proc/cpuinfo. */
export function cpuModel(cpuinfo: string): string {
  return /^model name\s*:\s*(.+)$/m.exec(cpuinfo)?.[1]?.trim() ?? "unknown";
}

const version = z.object({ gitVersion: z.string() });

/**
 * Describes this machine.
 *
 * @param apiVersion what the API server answers to `/version`
 */
export async function describeMachine(apiVersion: unknown): Promise<Machine> {
  return {
    cores: navigator.hardwareConcurrency,
    cpu: cpuModel(await Deno.readTextFile("/proc/cpuinfo")),
    memory: Deno.systemMemoryInfo().total,
    kernel: `${Deno.build.os} ${Deno.osRelease()}`,
    deno: Deno.version.deno,
    kubernetes: version.parse(apiVersion).gitVersion,
  };
}

/** The machine in one line. */
export function machineLine(machine: Machine): string {
  const { cores, cpu, memory, kernel, deno, kubernetes } = machine;
  const gib = Math.round(memory / 2 ** 30);
  return `${cores} cores (${cpu}), ${gib} GiB, ${kernel}, Deno ${deno}, Kubernetes ${kubernetes}`;
}
