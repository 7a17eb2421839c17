#!/bin/sh
# Writes 20 MB into the share over NFS and prints their checksum; the client keeps the original.
set -eu

url=$(sh ../_lib/nfs-url.sh data)
kubectl --namespace "$NAMESPACE" exec --stdin client -- env URL="$url" sh -seu <<'POD'
head -c 20971520 /dev/urandom >/tmp/original
for attempt in 1 2 3 4 5 6 7 8 9 10; do
  if timeout 20 nfs-cp /tmp/original "$URL"; then
    sha256sum </tmp/original
    exit 0
  fi
  sleep 1
done
exit 1
POD
