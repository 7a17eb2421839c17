#!/bin/sh
# Prints the Services by which clients find the server, with what must not change.
set -eu
kubectl --namespace "$NAMESPACE" get services files-api files-adapter-nfs files-adapter-smb \
  --output 'custom-columns=NAME:.metadata.name,UID:.metadata.uid,ADDRESS:.spec.clusterIP,PORT:.spec.ports[*].port'
