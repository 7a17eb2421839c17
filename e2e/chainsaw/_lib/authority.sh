#!/bin/sh
# Makes a certificate authority NAME in the client pod, and there a certificate of it for
# whoever it is for: authority.sh NAME SUBJECT
set -eu
kubectl --namespace "$NAMESPACE" exec --stdin client -- env NAME="$1" SUBJECT="$2" \
  HOSTS="DNS:files-api,DNS:files-api.$NAMESPACE.svc,DNS:files-api.$NAMESPACE.svc.cluster.local" sh -seu <<'POD'
new_key="-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes"
cd /tmp
openssl req -x509 $new_key -days 2 -subj "/CN=$NAME authority" -keyout "$NAME-ca.key" -out "$NAME-ca.crt"
openssl req $new_key -subj "/CN=$SUBJECT" -keyout "$NAME.key" -out "$NAME.csr"
printf 'subjectAltName=%s\n' "$HOSTS" >"$NAME.ext"
openssl x509 -req -days 2 -in "$NAME.csr" -CA "$NAME-ca.crt" -CAkey "$NAME-ca.key" \
  -CAcreateserial -extfile "$NAME.ext" -out "$NAME.crt"
POD
