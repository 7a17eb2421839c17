import assert from "node:assert/strict";
import type { Pod } from "../../api/kubernetes/types.ts";
import type { Live } from "../../kube/object.ts";
import { viewPod } from "./pod_view.ts";

function pod(status: NonNullable<Pod["status"]>): Live<Pod> {
  return {
    metadata: {
      name: "demo-0",
      namespace: "files",
      uid: "uid",
      resourceVersion: "1",
    },
    spec: { containers: [{ name: "dittofs", image: "dittofs:v1" }] },
    status,
  };
}

const container = { name: "dittofs", ready: false, restartCount: 0, image: "", imageID: "" };

Deno.test("viewPod() keeps readiness and the image that runs", () => {
  const view = viewPod(pod({
    conditions: [{ type: "Ready", status: "True" }],
    containerStatuses: [{ ...container, state: { running: {} } }],
  }));
  assert.equal(view.ready, true);
  assert.equal(view.image, "dittofs:v1");
  assert.equal(view.trouble, undefined);
});

Deno.test("viewPod() says why an image is not pulled", () => {
  const waiting = { reason: "ImagePullBackOff", message: "no such image" };
  const view = viewPod(pod({ containerStatuses: [{ ...container, state: { waiting } }] }));
  assert.deepEqual(view.trouble, waiting);
  assert.equal(view.ready, false);
  assert.equal(view.image, undefined);
});

Deno.test("viewPod() says how a container that ends again and again ended", () => {
  const view = viewPod(pod({
    containerStatuses: [{
      ...container,
      state: { waiting: { reason: "CrashLoopBackOff", message: "back-off" } },
      lastState: { terminated: { exitCode: 1, reason: "Error" } },
    }],
  }));
  assert.match(view.trouble?.message ?? "", /back-off; it last ended with code 1 \(Error\)/);
});

Deno.test("viewPod() says why no node takes the pod", () => {
  const view = viewPod(pod({
    conditions: [{
      type: "PodScheduled",
      status: "False",
      reason: "Unschedulable",
      message: "0/1 nodes are available",
    }],
  }));
  const message = "0/1 nodes are available";
  assert.deepEqual(view.trouble, { reason: "Unschedulable", message, mayPass: true });
});

Deno.test("viewPod() sees no trouble in a container that is being created", () => {
  const waiting = { reason: "ContainerCreating" };
  const view = viewPod(pod({ containerStatuses: [{ ...container, state: { waiting } }] }));
  assert.equal(view.trouble, undefined);
});

Deno.test("viewPod() knows whether the pod has the certificate of NFS", () => {
  const volumes = [{ name: "config" }, { name: "nfs-tls" }];
  const { spec, ...rest } = pod({});
  const containers = spec?.containers ?? [];
  const [without, with_] = [volumes.slice(0, 1), volumes].map((volumes) =>
    viewPod({ ...rest, spec: { ...spec, containers, volumes } })
  );
  assert.equal(without?.hasNfsCertificate, undefined);
  assert.equal(with_?.hasNfsCertificate, true);
});
