#!/usr/bin/env bash
# Makes sure that PostgreSQL's server programs are on this machine; installs Debian's package where root may.
set -euo pipefail

has_programs() {
  local place
  for place in /usr/lib/postgresql/*/bin /usr/pgsql-*/bin /usr/libexec/postgresql* \
    /opt/homebrew/opt/postgresql@*/bin /usr/local/opt/postgresql@*/bin; do
    [ -x "$place/initdb" ] && return 0
  done
  command -v initdb >/dev/null && command -v pg_ctl >/dev/null
}

has_programs && exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo 'Installing PostgreSQL from Debian packages.'
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends postgresql >/dev/null
  has_programs && exit 0
fi

echo 'PostgreSQL 14 to 18 is needed: install its server package ("apt-get install postgresql", "brew install postgresql@18").' >&2
exit 1
