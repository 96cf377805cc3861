#!/usr/bin/env bash
# Makes sure that Chromium is on this machine, for the tests of the report's page in a browser; installs Debian's package where root
# may. Without it those tests are skipped and say so: that is no failure.
set -uo pipefail
has_browser() { [ -x /usr/bin/chromium ] || [ -x /usr/bin/chromium-browser ] || [ -x /usr/bin/google-chrome ]; }
has_browser && exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo 'Installing Chromium from Debian packages.'
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends chromium >/dev/null
fi
has_browser || echo 'Chromium is not on this machine ("apt-get install chromium"): the tests that need it will be skipped.'
exit 0
