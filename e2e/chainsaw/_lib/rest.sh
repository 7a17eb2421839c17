#!/bin/sh
# What a person changes with curl, past the operator: rest.sh METHOD PATH [BODY]
# Prints the answer. The password is the one in the Secret unless PASSWORD has another; with
# CA=FILE of the client pod the API is spoken to over HTTPS.
set -eu

password=${PASSWORD:-$(kubectl --namespace "$NAMESPACE" get secret files-admin-bootstrap-credentials --output 'jsonpath={.data.password}' | base64 -d)}
kubectl --namespace "$NAMESPACE" exec --stdin client -- env \
  METHOD="$1" CALL="$2" BODY="${3:-}" PASSWORD="$password" CA="${CA:-}" sh -seu <<'POD'
api=http${CA:+s}://files-api:8080/api/v1
call() {
  curl --silent --show-error --fail-with-body --max-time 60 --retry 5 --retry-connrefused \
    ${CA:+--cacert "$CA"} ${token:+--header "Authorization: Bearer $token"} "$@"
}
login=$(jq --null-input --compact-output '{username: "admin", password: env.PASSWORD}')
token=$(call --data "$login" "$api/auth/login" | jq --raw-output .access_token)
call --request "$METHOD" ${BODY:+--data "$BODY"} "$api$CALL"
POD
