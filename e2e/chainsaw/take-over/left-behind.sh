#!/bin/sh
# Makes what the Go operator leaves behind, while no operator runs.
set -eu
create() {
  kubectl --namespace "$NAMESPACE" create --field-manager=manager --filename -
}

create <resource.yaml
kubectl --namespace "$NAMESPACE" patch dittoserver files --subresource=status --type merge \
  --field-manager=manager --patch-file status.yaml
create <volumes.yaml
uid=$(kubectl --namespace "$NAMESPACE" get dittoserver files --output 'jsonpath={.metadata.uid}')
sed "s/OWNER_UID/$uid/; s/NAMESPACE/$NAMESPACE/" objects.yaml | create
