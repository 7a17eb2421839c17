#!/bin/sh
# Takes the servers away that a script has made. What a scenario applies by itself goes before its
# namespace does; if a pod still runs in one that is removed, Kubernetes looks again only after half
# of the pod's grace period, a minute here.
set -eu
kubectl --namespace "$NAMESPACE" delete dittoservers --all --cascade=foreground --timeout=150s
