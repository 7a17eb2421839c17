#!/bin/sh
# Does what a CSI driver's resizer does in the end, because the volumes of this cluster are plain
# directories, which nobody makes larger: resized.sh CLAIM SIZE
set -eu
volume=$(kubectl --namespace "$NAMESPACE" get persistentvolumeclaim "$1" --output 'jsonpath={.spec.volumeName}')
kubectl patch persistentvolume "$volume" --type merge --patch "{\"spec\":{\"capacity\":{\"storage\":\"$2\"}}}"
kubectl --namespace "$NAMESPACE" patch persistentvolumeclaim "$1" --subresource=status --type merge \
  --patch "{\"status\":{\"capacity\":{\"storage\":\"$2\"}}}"
