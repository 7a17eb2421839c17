#!/bin/sh
# Reads the file back over NFS and compares it with the client's original. A new pod is known to
# the Service a moment after it is ready.
set -eu

url=$(sh ../_lib/nfs-url.sh data)
kubectl --namespace "$NAMESPACE" exec --stdin client -- env URL="$url" sh -seu <<'POD'
for attempt in 1 2 3 4 5 6 7 8 9 10; do
  rm -f /tmp/copy
  if timeout 20 nfs-cp "$URL" /tmp/copy; then
    sha256sum </tmp/copy
    [ "$(sha256sum </tmp/copy)" = "$(sha256sum </tmp/original)" ]
    exit
  fi
  sleep 1
done
exit 1
POD
