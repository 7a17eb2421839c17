#!/bin/sh
# Prints the volumes of the server: name, identity and state.
set -eu
kubectl --namespace "$NAMESPACE" get persistentvolumeclaims --selector instance=files --no-headers \
  --sort-by .metadata.name \
  --output 'custom-columns=:.metadata.name,:.metadata.uid,:.spec.volumeName,:.status.phase'
