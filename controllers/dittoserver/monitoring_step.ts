// ServiceMonitor and PodMonitor: made while the cluster has them, and told of while it has not.

import { type KubernetesObject, makeKey } from "../../kube/object.ts";
import type { Applied, Deletable } from "../../kube/tracked.ts";
import { podMonitor, serviceMonitor } from "./monitors.ts";
import type { Pass } from "./pass.ts";
import { unreadable } from "./problem.ts";

/** Applies the monitors that are asked for. Returns whether any is. */
export async function makeMonitors(pass: Pass): Promise<boolean> {
  const { server, context: { kinds } } = pass;
  const metricsCa = await hasMetricsCa(pass);
  const facts = { metricsCa: metricsCa === true };
  const service = serviceMonitor(server, facts);
  const pod = podMonitor(server, facts);
  // One that would be verified in another way than it should is left as it is.
  if (metricsCa === "unknown") return true;
  await Promise.all([
    make(pass, kinds.serviceMonitors, service),
    make(pass, kinds.podMonitors, pod),
  ]);
  return service !== undefined || pod !== undefined;
}

/** Whether the Secret with the certificate of the metrics says who signed it. */
async function hasMetricsCa({ server, context, problems }: Pass): Promise<boolean | "unknown"> {
  const { serviceMonitor, podMonitor, tls, enabled } = server.spec.metrics;
  if (!enabled || !tls || !(serviceMonitor?.enabled || podMonitor?.enabled)) return false;
  const { certSecretName: secret } = tls;
  try {
    const facts = await context.secretFacts.get(makeKey(server.namespace, secret));
    return facts?.["ca.crt"] !== undefined;
  } catch (error) {
    problems.push({ ...unreadable("MonitoringReady", secret, error), aside: true });
    return "unknown";
  }
}

async function make<T extends KubernetesObject>(
  pass: Pass,
  tracked: Applied<T> & Deletable<T>,
  wanted: T | undefined,
): Promise<void> {
  if (pass.context.isServed(tracked.resource)) {
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
