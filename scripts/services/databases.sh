#!/usr/bin/env bash
# Installs Redis and PostgreSQL from Debian, unless they are there already, and sees to it that both answer where the
# tests look for them: Redis on port 6379, PostgreSQL on port 5432 with a database `test` for the user `postgres`.
set -euo pipefail

missing=()
command -v redis-server >/dev/null || missing+=(redis-server)
[ -n "$(ls /usr/lib/postgresql/*/bin/postgres 2>/dev/null)" ] || missing+=(postgresql)
if [ ${#missing[@]} -gt 0 ]; then
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  apt-get install -qq --no-install-recommends "${missing[@]}" >/dev/null
fi

redis-cli ping >/dev/null 2>&1 || redis-server --daemonize yes --bind 127.0.0.1 --port 6379 --save "" >/dev/null

pg_isready --quiet --host=127.0.0.1 || {
  version=$(ls /etc/postgresql)
  # Nothing outside of this machine can reach it, and the tests bring no password.
  sed -i '1i host all postgres 127.0.0.1/32 trust' "/etc/postgresql/$version/main/pg_hba.conf"
  pg_ctlcluster --skip-systemctl-redirect "$version" main start
}
timeout 30 sh -c 'until pg_isready --quiet --host=127.0.0.1; do sleep 0.2; done'
psql --quiet --host=127.0.0.1 --username=postgres --command='select 1' test >/dev/null 2>&1 ||
  createdb --host=127.0.0.1 --username=postgres test
