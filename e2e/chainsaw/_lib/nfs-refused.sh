#!/bin/sh
# The user with this number can neither read nor write the share over NFS: nfs-refused.sh UID
# To mount it is not refused: that is before the server knows of users.
set -eu
read_url=$(sh ../_lib/nfs-url.sh data "" "$1")
write_url=$(sh ../_lib/nfs-url.sh intruder "" "$1")
kubectl --namespace "$NAMESPACE" exec --stdin client -- env READ="$read_url" WRITE="$write_url" sh -seu <<'POD'
refused() {
  if said=$(timeout 20 nfs-cp "$@" 2>&1); then
    echo "not refused: $*" >&2
    exit 1
  fi
  echo "$said"
  echo "$said" | grep --quiet ACCES
}
echo no >/tmp/intruder
refused "$READ" /tmp/stolen
refused /tmp/intruder "$WRITE"
POD
