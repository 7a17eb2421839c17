#!/bin/sh
# From the moment that the server's pod is Ready, 20 seconds are enough to write 20 MB over NFS and
# over SMB and to read each back over the other, by the names and ports of the Services.
set -eu

kubectl --namespace "$NAMESPACE" wait --for=create pod/files-0 --timeout=60s
kubectl --namespace "$NAMESPACE" wait --for=condition=Ready pod/files-0 --timeout=180s
ready=$(kubectl --namespace "$NAMESPACE" get pod files-0 --output 'jsonpath={.status.conditions[?(@.type=="Ready")].lastTransitionTime}')
kubectl --namespace "$NAMESPACE" exec --stdin client -- env READY="$ready" NAMESPACE="$NAMESPACE" sh -seu <<'POD'
nfs="nfs://files-adapter-nfs.$NAMESPACE.svc/projects" options='nfsport=2049&mountport=2049&version=3&uid=1001&gid=1001'
end=$(($(date -d "$READY" +%s) + 20))
soon() {
  until timeout 20 "$@"; do
    [ "$(date +%s)" -lt "$end" ] || return 1
    sleep 0.3
  done
}
smb() {
  timeout 20 smbclient "//files-adapter-smb.$NAMESPACE.svc/projects" --user 'alice%change-me-please' --command "$1"
}

head -c 20971520 /dev/urandom >/tmp/original
soon nfs-cp /tmp/original "$nfs/data?$options"
smb 'get data /tmp/over-smb'
smb 'put /tmp/over-smb data-too'
nfs-cp "$nfs/data-too?$options" /tmp/over-nfs
sha256sum /tmp/original /tmp/over-smb /tmp/over-nfs
[ "$(sha256sum </tmp/over-smb)" = "$(sha256sum </tmp/original)" ]
[ "$(sha256sum </tmp/over-nfs)" = "$(sha256sum </tmp/original)" ]
rm /tmp/over-smb /tmp/over-nfs

took=$(($(date +%s) - end + 20))
echo "$took s after the pod was Ready"
[ "$took" -le 20 ]
POD
