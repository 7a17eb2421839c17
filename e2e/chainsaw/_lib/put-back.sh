#!/bin/sh
# Deletes an object and waits until there is another one of its name: put-back.sh KIND/NAME
set -eu
uid() {
  kubectl --namespace "$NAMESPACE" get "$1" --ignore-not-found --output 'jsonpath={.metadata.uid}'
}

old=$(uid "$1")
[ -n "$old" ] || {
  echo "there is no $1" >&2
  exit 1
}
kubectl --namespace "$NAMESPACE" delete "$1" --wait=false
end=$(($(date +%s) + 60))
while [ "$(date +%s)" -lt "$end" ]; do
  case $(uid "$1") in
  "" | "$old") sleep 0.3 ;;
  *) exit 0 ;;
  esac
done
echo "$1 was not put back" >&2
exit 1
