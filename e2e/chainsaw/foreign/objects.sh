#!/bin/sh
# Prints all that is written down about the objects, but for what the cluster counts by itself.
set -eu
kubectl --namespace "$NAMESPACE" get --filename objects.yaml --output json |
  sed '/"resourceVersion"/d'
