#!/bin/sh
# Prints the address of a file in the share for libnfs: by the Service that users mount, or by the
# name of the pod where the operator makes no such Service.
set -eu

if kubectl --namespace "$NAMESPACE" get service files-adapter-nfs >/dev/null 2>&1; then
  host=files-adapter-nfs
  port=$(kubectl --namespace "$NAMESPACE" get service files-adapter-nfs --output 'jsonpath={.spec.ports[?(@.name=="adapter-nfs")].port}')
else
  host=files-0.files-headless port=12049
fi
echo "nfs://$host/export/$1?nfsport=$port&mountport=$port&version=3&uid=1001&gid=1001"
