#!/bin/sh
# Waits until a resource is Ready as its spec is now; the server unless another is named:
#   ready.sh [KIND/NAME]
# `kubectl wait` would also be content with a Ready beside which the rest of the status is of an
# earlier spec, so it only waits, which costs less than to ask again and again.
set -eu

what=${1:-dittoserver/files}
say='{.metadata.generation} {.status.observedGeneration}'
say="$say {.status.conditions[?(@.type==\"Ready\")].status} {.status.conditions[?(@.type==\"Ready\")].observedGeneration}"
end=$(($(date +%s) + 180))
kubectl --namespace "$NAMESPACE" wait --for=condition=Ready "$what" --timeout=180s >&2 ||
  echo "$what: not there yet, or late" >&2
while [ "$(date +%s)" -lt "$end" ]; do
  # shellcheck disable=SC2046 # four words
  set -- $(kubectl --namespace "$NAMESPACE" get "$what" --output "jsonpath=$say")
  if [ "$#" = 4 ] && [ "$2" = "$1" ] && [ "$3" = True ] && [ "$4" = "$1" ]; then
    exit 0
  fi
  sleep 0.5
done
echo "$what is not Ready after 180 s" >&2
exit 1
