// ServiceMonitor and PodMonitor: made while the cluster has them, and told of while it has not.

import type { KubernetesObject } from "../../kube/object.ts";
import type { Applied, Deletable } from "../../kube/tracked.ts";
import { podMonitor, serviceMonitor } from "./monitors.ts";
import type { Pass } from "./pass.ts";

/** Applies the monitors that are asked for. Returns whether any is. */
export async function makeMonitors(pass: Pass): Promise<boolean> {
  const { server, context: { kinds } } = pass;
  const service = serviceMonitor(server);
  const pod = podMonitor(server);
  await Promise.all([
    make(pass, "serviceMonitors", kinds.serviceMonitors, service),
    make(pass, "podMonitors", kinds.podMonitors, pod),
  ]);
  return service !== undefined || pod !== undefined;
}

async function make<T extends KubernetesObject>(
  pass: Pass,
  kind: "serviceMonitors" | "podMonitors",
  tracked: Applied<T> & Deletable<T>,
  wanted: T | undefined,
): Promise<void> {
  if (pass.context.isServed(kind)) {
    await pass.applyAll("MonitoringReady", tracked, wanted ? [wanted] : []);
  } else if (wanted) {
    pass.problems.push({
      aspect: "MonitoringReady",
      reason: "NotServed",
      message:
        `The cluster has no ${tracked.resource.kind}s (${tracked.resource.group}); it is made as soon as it has`,
      stalled: false,
      aside: true,
    });
  }
}
