#!/bin/sh
# Follows the pod of the server by its UID, which is noted on the client's pod:
#   pod.sh note      the present pod
#   pod.sh same      it is still there and its container has never restarted
#   pod.sh replaced  waits for another one that is ready at the first try, and notes it
set -eu

now() {
  kubectl --namespace "$NAMESPACE" get pod files-0 --ignore-not-found --output \
    'jsonpath={.metadata.uid} {.status.conditions[?(@.type=="Ready")].status} {.status.containerStatuses[0].restartCount}'
}

noted=$(kubectl --namespace "$NAMESPACE" get pod client --output 'jsonpath={.metadata.annotations.server-pod}')
case $1 in
note)
  uid=$(now)
  kubectl --namespace "$NAMESPACE" annotate --overwrite pod client "server-pod=${uid%% *}"
  ;;
same)
  [ "$(now)" = "$noted True 0" ] || {
    echo "expected the pod $noted, ready and never restarted, but there is: $(now)" >&2
    exit 1
  }
  ;;
replaced)
  end=$(($(date +%s) + 180))
  while [ "$(date +%s)" -lt "$end" ]; do
    case $(now) in
    "" | "$noted "*) ;;
    *" True 0") exec sh "$0" note ;;
    *" True "*)
      echo "the new pod needed more than one try: $(now)" >&2
      exit 1
      ;;
    esac
    sleep 0.5
  done
  echo "expected another pod than $noted, ready, but there is: $(now)" >&2
  exit 1
  ;;
esac
