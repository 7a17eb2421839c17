// Installs the operator into a cluster, and removes it.

import type { Deployment } from "../api/kubernetes/types.ts";
import { OPERATOR } from "../controllers/dittoserver/names.ts";
import type { Api } from "../kube/api.ts";
import { sleep, systemClock } from "../kube/clock.ts";
import { ApiError, classify, messageOf } from "../kube/errors.ts";
import type { KubernetesObject } from "../kube/object.ts";
import { watch } from "../kube/watch.ts";
import { type ClusterOptions, withCluster } from "./_cluster.ts";
import { readSnapshot } from "./_generated.ts";
import { crds, deployments, resourceOf } from "./_install_resources.ts";
import { install } from "./_manifests.ts";

/** What to install where. */
export interface DeployOptions extends ClusterOptions {
  readonly image: string;
  readonly namespace: string;
  /** Is told what has been done, a line at a time. */
  readonly progressLine: (line: string) => void;
}

/** How long the Deployment may take to become Available, in milliseconds. */
const AVAILABLE_WITHIN_MS = 180_000;

/** How long what is deleted with its CRD may take to go, in milliseconds. */
const GONE_WITHIN_MS = 180_000;

/** Applies everything and waits until the operator is Available. */
export async function deploy(options: DeployOptions): Promise<void> {
  const { image, namespace, progressLine } = options;
  const objects = await installObjects({ image, namespace });
  await withCluster(options, async (api, source) => {
    progressLine(`installing ${image} into namespace ${namespace} of ${source}`);
    for (const object of objects) {
      await applyWhenPossible(api, object);
      progressLine(`${object.kind} ${object.metadata?.name}: applied`);
    }
    await untilAvailable(api, namespace);
    progressLine(`the operator is Available`);
  });
}

/** What is to be removed. */
export interface UndeployOptions extends ClusterOptions {
  readonly namespace: string;
  /** Also the CRDs, and with them every server, share, user and group. */
  readonly withCrds: boolean;
  readonly progressLine: (line: string) => void;
}

/** Removes the operator. Servers go on running, unless the CRDs are removed as well. */
export async function undeploy(options: UndeployOptions): Promise<void> {
  const { namespace, withCrds, progressLine } = options;
  const objects = await installObjects({ image: "", namespace });
  const definitions = objects.filter((object) => resourceOf(object) === crds);
  const others = objects.filter((object) => resourceOf(object) !== crds);
  await withCluster(options, async (api) => {
    const remove = async (object: KubernetesObject) => {
      const resource = resourceOf(object);
      const { name = "", namespace } = object.metadata ?? {};
      const at = { name, namespace };
      const live = await api.get(resource, at);
      if (!live) return;
      await api.delete(resource, at, { uid: live.metadata.uid });
      progressLine(`${object.kind} ${name}: deleted`);
    };
    if (withCrds) {
      await Promise.all(definitions.map(remove));
      // What has a finalizer is let go by the operator, which must be there to do it.
      await Promise.all(definitions.map(({ metadata }) => untilGone(api, metadata?.name ?? "")));
    }
    for (const object of others.toReversed()) await remove(object);
  });
}

/** Waits until a CRD and all that it defines is gone. */
async function untilGone(api: Api, name: string): Promise<void> {
  const end = new AbortController();
  let late = false;
  using _deadline = systemClock.timer(GONE_WITHIN_MS, () => {
    late = true;
    end.abort();
  });
  const selection = { resource: crds, fieldSelector: `metadata.name=${name}` };
  const events = watch({ api, clock: systemClock, random: Math.random, ...selection }, end.signal);
  for await (const event of events) {
    if (event.type === "sync" ? event.items.length === 0 : event.type === "delete") end.abort();
  }
  if (late) {
    throw new Error(
      `CustomResourceDefinition ${name} is not gone after ${
        GONE_WITHIN_MS / 1000
      } s: see which of its objects have a finalizer, and why the operator does not let them go`,
    );
  }
}

async function installObjects(options: { image: string; namespace: string }) {
  const schemas = await readSnapshot();
  return install(schemas as Readonly<Record<string, { [field: string]: unknown }>>, options);
}

/** A new namespace or a restarting API server may refuse for a moment. */
async function applyWhenPossible(api: Api, object: KubernetesObject): Promise<void> {
  const deadline = AbortSignal.timeout(30_000);
  while (true) {
    try {
      await api.apply(resourceOf(object), object, { fieldManager: "dittofs-operator-deploy" });
      return;
    } catch (error) {
      const passing = classify(error) === "transient" ||
        (error instanceof ApiError && error.reason === "NotFound");
      if (!passing || deadline.aborted) {
        throw new Error(`${object.kind} ${object.metadata?.name}: ${messageOf(error)}`);
      }
      await sleep(systemClock, 500, deadline);
    }
  }
}

async function untilAvailable(api: Api, namespace: string): Promise<void> {
  const end = new AbortController();
  using _deadline = systemClock.timer(AVAILABLE_WITHIN_MS, () => end.abort());
  const events = watch({
    api,
    resource: deployments,
    namespace,
    fieldSelector: `metadata.name=${OPERATOR}`,
    clock: systemClock,
    random: Math.random,
  }, end.signal);
  let last: Deployment | undefined;
  for await (const event of events) {
    last = event.type === "sync" ? event.items[0] : event.object;
    if (last && isAvailable(last)) {
      end.abort();
      return;
    }
  }
  const why = last?.status?.conditions?.map(({ message }) => message).join("; ");
  throw new Error(
    `the operator is not Available after ${AVAILABLE_WITHIN_MS / 1000} s (${
      why ?? "no Deployment"
    }); ` +
      `look at: kubectl --namespace ${namespace} describe pods`,
  );
}

function isAvailable({ metadata, spec, status }: Deployment): boolean {
  return status?.observedGeneration === metadata?.generation &&
    (status?.updatedReplicas ?? 0) === (spec?.replicas ?? 1) &&
    (status?.replicas ?? 0) === (spec?.replicas ?? 1) &&
    (status?.availableReplicas ?? 0) === (spec?.replicas ?? 1);
}
