#!/bin/sh
# Whether the S3 service is reached by its name: reachable.sh yes|no
set -eu
case $1 in
yes) app=s3 ;;
no) app=nobody ;;
esac
kubectl --namespace "$NAMESPACE" patch service s3 --patch "{\"spec\":{\"selector\":{\"app\":\"$app\"}}}"
