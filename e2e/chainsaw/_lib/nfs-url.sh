#!/bin/sh
# Prints the address of a file in the share for libnfs: nfs-url.sh FILE [SHARE] [UID]
# By the Service that users mount, or by the name of the pod where the operator makes no such
# Service. The share is the one that is noted on the client's pod, or "export".
set -eu

if kubectl --namespace "$NAMESPACE" get service files-adapter-nfs >/dev/null 2>&1; then
  host=files-adapter-nfs
  port=$(kubectl --namespace "$NAMESPACE" get service files-adapter-nfs --output 'jsonpath={.spec.ports[?(@.name=="adapter-nfs")].port}')
else
  host=files-0.files-headless port=12049
fi
noted=$(kubectl --namespace "$NAMESPACE" get pod client --output 'jsonpath={.metadata.annotations.share}')
share=${2:-${noted:-export}}
uid=${3:-1001}
echo "nfs://$host/$share/$1?nfsport=$port&mountport=$port&version=3&uid=$uid&gid=$uid"
