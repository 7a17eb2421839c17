#!/bin/sh
# Reads the file of the noted share over SMB, as the user of the sample, and compares it with the
# client's original. A new pod is known to the Service a moment after it is ready.
set -eu

share=$(kubectl --namespace "$NAMESPACE" get pod client --output 'jsonpath={.metadata.annotations.share}')
kubectl --namespace "$NAMESPACE" exec --stdin client -- env SHARE="//files-adapter-smb/$share" \
  LOGIN="${LOGIN:-alice%change-me-please}" sh -seu <<'POD'
for attempt in 1 2 3 4 5 6 7 8 9 10; do
  rm -f /tmp/copy
  if timeout 20 smbclient "$SHARE" --user "$LOGIN" --command 'get data /tmp/copy'; then
    [ "$(sha256sum </tmp/copy)" = "$(sha256sum </tmp/original)" ]
    exit
  fi
  sleep 1
done
exit 1
POD
