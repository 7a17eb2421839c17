#!/bin/sh
# Waits until a share says that its bucket is not reached, and prints after how many seconds: told.sh
# It is found out at the next check of the server, which comes every minute, give or take a tenth.
set -eu
from=$(date +%s)
while [ "$(($(date +%s) - from))" -le 80 ]; do
  reason=$(kubectl --namespace "$NAMESPACE" get dittoshare archive --output \
    'jsonpath={.status.conditions[?(@.type=="StoresReady")].reason} {.status.conditions[?(@.type=="Ready")].status}')
  [ "$reason" = "RemoteUnreachable False" ] && {
    echo "after $(($(date +%s) - from)) s"
    exit 0
  }
  sleep 1
done
echo "not told at the next check: $reason" >&2
exit 1
