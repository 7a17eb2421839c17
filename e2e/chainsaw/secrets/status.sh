#!/bin/sh
# Prints the HTTP status of a request with a bearer token, from the client pod:
#   status.sh URL TOKEN
# A Service that leads nowhere yet has none, or that of something outside of the cluster, 404.
set -eu
kubectl --namespace "$NAMESPACE" exec --stdin client -- env URL="$1" TOKEN="$2" sh -seu <<'POD'
for attempt in 1 2 3 4 5 6 7 8 9 10; do
  status=$(curl --silent --output /dev/null --write-out '%{http_code}' --max-time 10 \
    --header "Authorization: Bearer $TOKEN" "$URL") || true
  case $status in
  000 | 404) sleep 1 ;;
  *) break ;;
  esac
done
printf %s "$status"
POD
