#!/bin/sh
# Waits until the server is Ready as its spec is now. `kubectl wait` would also be content with
# what was said of an earlier one.
set -eu

say='{.metadata.generation} {.status.observedGeneration}'
say="$say {.status.conditions[?(@.type==\"Ready\")].status} {.status.conditions[?(@.type==\"Ready\")].observedGeneration}"
end=$(($(date +%s) + 180))
while [ "$(date +%s)" -lt "$end" ]; do
  # shellcheck disable=SC2046 # four words
  set -- $(kubectl --namespace "$NAMESPACE" get dittoserver files --output "jsonpath=$say")
  if [ "$#" = 4 ] && [ "$2" = "$1" ] && [ "$3" = True ] && [ "$4" = "$1" ]; then
    exit 0
  fi
  sleep 0.5
done
echo "not Ready after 180 s" >&2
exit 1
