#!/bin/sh
# Waits until a share says whether its bucket is reached, and prints after how many seconds:
# told.sh reached|unreached
# Its server is checked every five minutes. The bucket is asked for every 45 s at the latest; with
# ten seconds for two answers that is less than a minute.
set -eu
case $1 in
reached) wanted="Made True" ;;
unreached) wanted="RemoteUnreachable False" ;;
esac
from=$(date +%s)
while [ "$(($(date +%s) - from))" -le 60 ]; do
  said=$(kubectl --namespace "$NAMESPACE" get dittoshare archive --output \
    'jsonpath={.status.conditions[?(@.type=="StoresReady")].reason} {.status.conditions[?(@.type=="Ready")].status}')
  [ "$said" = "$wanted" ] && {
    echo "$1 after $(($(date +%s) - from)) s"
    exit 0
  }
  sleep 1
done
echo "not told within a minute: $said" >&2
exit 1
