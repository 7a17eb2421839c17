#!/bin/sh
# Waits until the server shows the certificate in a file of the client pod. The kubelet looks
# after changed Secrets once in a minute or so.
set -eu
kubectl --namespace "$NAMESPACE" exec --stdin client -- env FILE="/tmp/$1" sh -seu <<'POD'
wanted=$(openssl x509 -in "$FILE" -noout -fingerprint)
end=$(($(date +%s) + 200))
while [ "$(date +%s)" -lt "$end" ]; do
  shown=$(openssl s_client -connect files-api:8080 </dev/null 2>/dev/null | openssl x509 -noout -fingerprint) || shown=none
  [ "$shown" = "$wanted" ] && exit 0
  sleep 1
done
echo "shown: $shown, wanted: $wanted" >&2
exit 1
POD
