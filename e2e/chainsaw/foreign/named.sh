#!/bin/sh
# Waits until the condition Ready names an object: named.sh TEXT
set -eu
end=$(($(date +%s) + 60))
while [ "$(date +%s)" -lt "$end" ]; do
  message=$(kubectl --namespace "$NAMESPACE" get dittoserver files --output 'jsonpath={.status.conditions[?(@.type=="Ready")].message}')
  case $message in
  *"$1"*) exit 0 ;;
  esac
  sleep 0.5
done
echo "expected $1 in: $message" >&2
exit 1
