#!/usr/bin/env bash
# Proves the tree: builds it, runs every test of the solution, and the samples on the packed packages.
# The PostgreSQL tests run on the newest version that can be had, and on the oldest as far as they hang on the version; all else on the
# machine's own. With --all they run on every version, and the samples too, and with them what takes long: tests with the trait Run=All.
# SCHEMAISOLATION__ServerBinaries, the option, chooses one version for everything.
set -uo pipefail
all=false
case "${1:-}" in
  --all) all=true ;;
  '') ;;
  *) echo 'usage: test.sh [--all]' >&2; exit 2 ;;
esac
cd "$(dirname "$0")/.."
results=$PWD/artifacts/test-results
rm -rf "$results"
failed_steps=0
copies=
trap '[ -z "$copies" ] || rm -rf "$copies"' EXIT

step() {
  echo "== $*"
  "$@" || { echo "failed: $*"; failed_steps=$((failed_steps + 1)); }
}

# As root a server runs as another user, who may not come through the directories above ours.
within_reach() {
  if [ "$(id -u)" = 0 ] && command -v runuser >/dev/null && ! runuser -u nobody -- test -x "$1/bin/postgres"; then
    [ -n "$copies" ] || { copies=$(mktemp -d) && chmod 755 "$copies"; }
    cp -r "$1" "$copies/"
    servers+=("$copies/${1##*/}")
  else
    servers+=("$1")
  fi
}

# Fills "servers" with the directories of the versions to run on: without --all the newest, then the oldest.
choose_servers() {
  servers=()
  local majors major directory
  majors=$(sed -n 's/^\([0-9]*\)\..*/\1/p' build/servers.txt | sort -nu)
  $all || majors="newest oldest"
  for major in $majors; do
    case $major in
      newest | oldest) directory=$(first_of "$major") ;;
      *) directory=$(./build/servers.sh "$major") ;;
    esac
    [ -n "$directory" ] && [[ " ${servers[*]} " != *"/${directory##*/} "* ]] && within_reach "$PWD/$directory"
  done
  [ ${#servers[@]} -gt 0 ] || { echo "No version could be fetched; the tests run on the machine's own." && servers=(''); }
}

# Not every version is there for every platform.
first_of() {
  local major directory
  for major in $(sed -n 's/^\([0-9]*\)\..*/\1/p' build/servers.txt | sort -nu$([ "$1" = newest ] && echo r)); do
    directory=$(./build/servers.sh "$major") && [ -n "$directory" ] && echo "$directory" && return
  done
}

# A project's tests. Arguments: the project, the filter, and the directory of a server, empty for the machine's own.
test_project() {
  local filter=() name=$1 server=${3:-}
  [ -z "$2" ] || filter=(--filter "$2")
  if [ -n "$server" ]; then
    name=$1-${server##*/}
    local -x SCHEMAISOLATION__ServerBinaries=$server/bin
  fi
  step "${time_limit[@]}" dotnet test "tests/$1" --no-build -nologo "${filter[@]}" --logger trx --results-directory "$results/$name" \
    --blame-hang-timeout "$test_time_limit" --blame-hang-dump-type none
}

# The samples, on the server in a directory, empty for the machine's own.
run_samples() {
  local server=${1:-}
  [ -z "$server" ] || local -x SCHEMAISOLATION__ServerBinaries=$server/bin
  rm -rf artifacts/demo
  step ./build/demo.sh --logger trx
  [ ! -d artifacts/demo ] || { mkdir -p "$results" && cp -r artifacts/demo "$results/Samples-${server##*/}"; }
}

if [ -n "${SCHEMAISOLATION__ServerBinaries:-}" ]; then
  servers=('')
else
  step ./build/postgres.sh
  step ./build/pgbouncer.sh
  choose_servers
fi
step ./build/chromium.sh

step dotnet restore DataCollector.sln --locked-mode -v quiet
step dotnet build DataCollector.sln --no-restore -nologo -v quiet
short='Run!=All'
$all && short=

# A test that hangs is named and fails; so does a run that hangs outside any test. Generous: they guard, they don't measure.
test_time_limit=5m
$all && test_time_limit=60m
time_limit=()
! $all && command -v timeout >/dev/null && time_limit=(timeout --foreground --kill-after=30s 20m)
for project in Unit Conventions Acceptance; do
  test_project "$project" "$short"
done
for server in "${servers[@]}"; do
  filter=$short
  $all || [ "$server" = "${servers[0]}" ] || filter="$short&Version!=Any"
  test_project PostgreSql "$filter" "$server"
done
run_samples
if $all; then
  for server in "${servers[@]}"; do
    [ -z "$server" ] || run_samples "$server"
  done
fi

# Counted from the result files of all runs. A step that failed without a failed test, such as the build, counts as one.
count() {
  find "$results" -name '*.trx' -exec grep -ho "<Counters [^>]*" {} + | sed -n "s/.* $1=\"\([0-9]*\)\".*/\1/p" | awk '{ sum += $1 } END { print sum + 0 }'
}

# Once more at the end, where the reader of a long log looks first: each failed test, with the beginning of what it said.
name_failed_tests() {
  find "$results" -name '*.trx' -exec awk '
    /<UnitTestResult / { failed = /outcome="Failed"/; saying = lines = 0 }
    /<UnitTestResult / && failed { match($0, /testName="[^"]*"/); print "failed: " substr($0, RSTART + 10, RLENGTH - 11) }
    failed && /<Message>/ { saying = 1 }
    saying { last = /<\/Message>/; gsub(/<[^>]*>/, ""); if (lines++ < 10) print "  " $0; saying = !last }' {} + |
    sed 's/&quot;/"/g; s/&lt;/</g; s/&gt;/>/g; s/&amp;/\&/g'
}

passed=$(count passed)
failed=$(count failed)
[ "$failed_steps" -gt 0 ] && [ "$failed" = 0 ] && failed=$failed_steps
[ "$passed" = 0 ] && failed=$((failed + 1))
name_failed_tests
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
