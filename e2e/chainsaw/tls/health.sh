#!/bin/sh
# Asks the server for its health over HTTPS, with the options of curl that are given, and prints
# the answer.
set -eu
kubectl --namespace "$NAMESPACE" exec client -- curl --silent --show-error --fail \
  --retry 5 --retry-all-errors --retry-delay 1 --max-time 10 "$@" https://files-api:8080/health
