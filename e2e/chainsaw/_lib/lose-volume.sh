#!/bin/sh
# A volume of the server is lost with all that is on it, and an empty one takes its place:
#   lose-volume.sh controlplane|metadata|content
set -eu
claim=$1-files-0
volume() {
  kubectl --namespace "$NAMESPACE" get persistentvolumeclaim "$claim" --ignore-not-found \
    --output 'jsonpath={.metadata.uid}'
}

old=$(volume)
# The claim goes when the pod does not use it any more.
kubectl --namespace "$NAMESPACE" delete persistentvolumeclaim "$claim" --wait=false
kubectl --namespace "$NAMESPACE" delete pod files-0 --wait=false
end=$(($(date +%s) + 90))
until now=$(volume) && [ -n "$now" ] && [ "$now" != "$old" ]; do
  [ "$(date +%s)" -lt "$end" ] || {
    echo "no new claim" >&2
    exit 1
  }
  sleep 0.3
done
