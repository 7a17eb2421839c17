#!/bin/sh
# Prints the HTTP status with which the metrics answer to a token.
set -eu
exec sh status.sh http://files-metrics:9090/metrics "$1"
