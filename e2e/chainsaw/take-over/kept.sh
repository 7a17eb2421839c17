#!/bin/sh
# Prints what must be the same before and after: volumes, addresses, and Secrets with their values.
set -eu
get="kubectl --namespace $NAMESPACE get --output"
$get 'custom-columns=:.metadata.name,:.metadata.uid,:.spec.volumeName,:.status.phase' persistentvolumeclaims
$get 'custom-columns=:.metadata.name,:.metadata.uid,:.spec.clusterIP' services
for secret in files-jwt-secret files-admin-bootstrap-credentials; do
  $get 'jsonpath={.metadata.name} {.metadata.uid} {.data}{"\n"}' secret "$secret"
done
