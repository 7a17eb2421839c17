#!/bin/sh
# Prints the shares that a database knows, in the order of their names: shares.sh DATABASE
set -eu
kubectl --namespace "$NAMESPACE" exec database -- psql --username files --dbname "$1" --tuples-only \
  --no-align --command 'select name from shares order by name'
