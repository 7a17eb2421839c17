#!/bin/sh
# Waits until everything on the server is as it was, and prints after how many seconds:
#   put-back.sh TEXT-OF-look.sh
set -eu
# The output of a step ends with a line break, which a shell takes from what it reads.
wanted=$(printf '%s' "$1")
from=$(date +%s)
while [ "$(($(date +%s) - from))" -le 100 ]; do
  now=$(sh look.sh) || now=$?
  [ "$now" = "$wanted" ] && {
    echo "after $(($(date +%s) - from)) s"
    exit 0
  }
  sleep 2
done
printf 'expected:\n%s\nbut:\n%s\n' "$wanted" "$now" >&2
exit 1
