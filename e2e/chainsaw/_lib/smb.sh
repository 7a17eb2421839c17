#!/bin/sh
# One command of smbclient, with its answer on standard output: smb.sh SHARE USER%PASSWORD COMMAND
# It fails as smbclient does, with the server's NT_STATUS in what it printed.
set -eu
kubectl --namespace "$NAMESPACE" exec client -- \
  timeout 20 smbclient "//files-adapter-smb/$1" --user "$2" --command "$3" 2>&1
