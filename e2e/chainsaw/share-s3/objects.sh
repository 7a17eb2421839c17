#!/bin/sh
# Prints how many objects the bucket has.
set -eu
kubectl --namespace "$NAMESPACE" exec s3 -- find /data/buckets/team-files -type f | wc -l
