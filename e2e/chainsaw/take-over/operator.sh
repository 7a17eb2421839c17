#!/bin/sh
# Stops or starts the operator of the cluster: operator.sh stop|start
set -eu
kubectl="kubectl --namespace dittofs-system"
case $1 in
stop)
  $kubectl scale deployment/dittofs-operator --replicas=0
  $kubectl wait --for=delete pod --selector app.kubernetes.io/name=dittofs-operator --timeout=60s
  ;;
start)
  $kubectl scale deployment/dittofs-operator --replicas=1
  $kubectl rollout status deployment/dittofs-operator --timeout=120s
  ;;
esac
