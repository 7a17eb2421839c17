#!/bin/sh
# As `kubectl drain` does it, for this namespace alone: the node takes no pods, and the server's is
# evicted. On the only node of a cluster it waits until the node takes pods again.
set -eu

node=$(kubectl --namespace "$NAMESPACE" get pod files-0 --output 'jsonpath={.spec.nodeName}')
kubectl cordon "$node"
trap 'kubectl uncordon "$node"' EXIT
old=$(kubectl --namespace "$NAMESPACE" get pod files-0 --output 'jsonpath={.metadata.uid}')
echo "{\"apiVersion\":\"policy/v1\",\"kind\":\"Eviction\",\"metadata\":{\"name\":\"files-0\",\"namespace\":\"$NAMESPACE\"}}" |
  kubectl create --raw "/api/v1/namespaces/$NAMESPACE/pods/files-0/eviction" --filename -
end=$(($(date +%s) + 60))
until said=$(kubectl --namespace "$NAMESPACE" get pod files-0 --ignore-not-found --output \
  'jsonpath={.metadata.uid} {.status.conditions[?(@.type=="PodScheduled")].reason}') &&
  [ "${said%% *}" != "$old" ] && [ "${said#* }" = Unschedulable ]; do
  [ "$(date +%s)" -lt "$end" ] || {
    echo "no new pod waits for a node: $said" >&2
    exit 1
  }
  sleep 0.3
done
