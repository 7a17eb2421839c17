#!/bin/sh
# Prints what must outlive a stop: volumes, Secrets and the addresses of Services.
set -eu
columns='custom-columns=KIND:.kind,NAME:.metadata.name,UID:.metadata.uid,ADDRESS:.spec.clusterIP'
kubectl --namespace "$NAMESPACE" get persistentvolumeclaims,secrets,services --output "$columns" --sort-by .metadata.name
