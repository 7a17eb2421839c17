#!/bin/sh
# Prints the HTTP status with which the API answers to the token of the first login.
set -eu
token=$(kubectl --namespace "$NAMESPACE" exec client -- cat /tmp/token)
exec sh status.sh http://files-api:8080/api/v1/auth/me "$token"
