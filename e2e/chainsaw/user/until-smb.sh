#!/bin/sh
# Waits until listing a share over SMB ends as it should: until-smb.sh SHARE USER%PASSWORD WORD
# WORD is "ok" or an NT_STATUS. The server takes changes over at once, the operator within a moment.
set -eu
end=$(($(date +%s) + 30))
while [ "$(date +%s)" -lt "$end" ]; do
  if said=$(sh ../_lib/smb.sh "$1" "$2" ls); then now=ok; else now=$said; fi
  case $now in
  *"$3"*) exit 0 ;;
  esac
  sleep 0.5
done
echo "expected $3, but: $said" >&2
exit 1
