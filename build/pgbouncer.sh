#!/usr/bin/env bash
# Makes sure that pgbouncer is on this machine, for the tests of what a pooler in front of a server does; installs Debian's package
# where root may. Without it those tests are skipped and say so: that is no failure.
set -uo pipefail
command -v pgbouncer >/dev/null || [ -x /usr/sbin/pgbouncer ] && exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo 'Installing pgbouncer from Debian packages.'
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends pgbouncer >/dev/null
fi
command -v pgbouncer >/dev/null || echo 'pgbouncer is not on this machine ("apt-get install pgbouncer"): the tests that need it will be skipped.'
exit 0
