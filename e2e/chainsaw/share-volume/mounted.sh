#!/bin/sh
# A pod mounts the claim and writes a file that libnfs then reads, where the node can mount NFS at
# all: its kernel is that of this machine, and containers in a container bring no modules along.
set -eu

if ! kubectl --namespace "$NAMESPACE" exec client -- grep --quiet --word-regexp nfs4 /proc/filesystems; then
  echo "this kernel has no NFS client, so the claim is as far as it goes"
  exit 0
fi
kubectl --namespace "$NAMESPACE" apply --filename reader.yaml
kubectl --namespace "$NAMESPACE" wait --for=condition=Ready pod/reader --timeout=120s
kubectl --namespace "$NAMESPACE" exec reader -- sh -c 'echo "from a pod" >/assets/note'
kubectl --namespace "$NAMESPACE" exec client -- nfs-cat "$(sh ../_lib/nfs-url.sh note assets)"
kubectl --namespace "$NAMESPACE" delete pod reader
