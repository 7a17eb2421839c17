#!/bin/sh
# Prints the HTTP status with which the API answers to the token of the first login.
set -eu
kubectl --namespace "$NAMESPACE" exec client -- sh -c 'curl --silent --output /dev/null \
  --write-out "%{http_code}" --retry 10 --retry-connrefused --retry-delay 1 --max-time 10 \
  --header "Authorization: Bearer $(cat /tmp/token)" http://files-api:8080/api/v1/auth/me'
