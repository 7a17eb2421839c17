#!/bin/sh
# Prints the HTTP status with which the metrics answer to a token.
set -eu
kubectl --namespace "$NAMESPACE" exec client -- curl --silent --output /dev/null --write-out '%{http_code}' \
  --retry 10 --retry-connrefused --retry-delay 1 --max-time 10 \
  --header "Authorization: Bearer $1" http://files-metrics:9090/metrics
