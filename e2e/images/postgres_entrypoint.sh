#!/bin/sh
# Makes the database at the first start and serves it: POSTGRES_USER, POSTGRES_PASSWORD and
# POSTGRES_DB mean what they mean to the official image.
set -eu

user=${POSTGRES_USER:-postgres}
database=${POSTGRES_DB:-$user}

if [ "$1" = postgres ] && [ ! -s "$PGDATA/PG_VERSION" ]; then
  printf '%s' "$POSTGRES_PASSWORD" >/tmp/password
  initdb --pgdata "$PGDATA" --username "$user" --pwfile /tmp/password --encoding UTF8 \
    --locale C --auth-local trust --auth-host scram-sha-256 --no-sync
  rm /tmp/password
  echo 'host all all all scram-sha-256' >>"$PGDATA/pg_hba.conf"
  if [ "$database" != postgres ]; then
    echo "CREATE DATABASE \"$database\"" | postgres --single -D "$PGDATA" -j postgres
  fi
fi
exec "$@" -c 'listen_addresses=*'
