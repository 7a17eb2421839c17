#!/bin/sh
# Prints what the server has of everything that is changed by hand here, a line for each.
set -eu
rest() {
  sh ../_lib/rest.sh GET "$1"
}

rest /shares/projects | jq --raw-output '"projects \(.default_permission) enabled=\(.enabled) read_only=\(.read_only)"'
rest /shares/projects/permissions | jq --raw-output '.[] | "projects \(.name) \(.level)"' | sort
rest /shares/projects/adapters/nfs/config | jq --raw-output '"projects \(.squash)"'
rest /users/alice | jq --raw-output '"alice \(.display_name) \(.uid)"'
rest /adapters/nfs | jq --raw-output '"nfs enabled=\(.enabled) \(.port)"'
