#!/bin/sh
# Waits until everything on the server is as it was, and prints after how many seconds:
#   put-back.sh TEXT-OF-look.sh
set -eu
from=$(date +%s)
while [ "$(($(date +%s) - from))" -le 100 ]; do
  now=$(sh look.sh) || now=$?
  [ "$now" = "$1" ] && {
    echo "after $(($(date +%s) - from)) s"
    exit 0
  }
  sleep 2
done
printf 'expected:\n%s\nbut:\n%s\n' "$1" "$now" >&2
exit 1
