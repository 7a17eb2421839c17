#!/bin/sh
# Puts files of the client pod into a Secret, which is made or changed:
#   secret.sh SECRET KEY=FILE…
set -eu
secret=$1
shift
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
options=
for pair in "$@"; do
  kubectl --namespace "$NAMESPACE" exec client -- cat "/tmp/${pair#*=}" >"$directory/${pair%%=*}"
  options="$options --from-file=$directory/${pair%%=*}"
done
# shellcheck disable=SC2086 # several options
kubectl create secret generic "$secret" $options --dry-run=client --output yaml |
  kubectl --namespace "$NAMESPACE" apply --filename -
