#!/usr/bin/env bash
# Proves the tree: builds it, runs every test of the solution, and the samples on the packed packages.
# With --all also the tests that take long: those with the trait Run=All.
set -uo pipefail
case "${1:-}" in
  --all) filter=() ;;
  '') filter=(--filter 'Run!=All') ;;
  *) echo 'usage: test.sh [--all]' >&2; exit 2 ;;
esac
cd "$(dirname "$0")/.."
results=$PWD/artifacts/test-results
rm -rf "$results"
failed_steps=0

step() {
  echo "== $*"
  "$@" || { echo "failed: $*"; failed_steps=$((failed_steps + 1)); }
}

step ./build/postgres.sh
step dotnet restore DataCollector.sln --locked-mode -v quiet
step dotnet build DataCollector.sln --no-restore -nologo -v quiet
for project in Unit Conventions PostgreSql Acceptance; do
  step dotnet test "tests/$project" --no-build -nologo "${filter[@]}" --logger trx --results-directory "$results/$project"
done
step ./build/demo.sh --logger trx

# Counted from the result files. A step that failed without a failed test, such as the build, counts as one.
count() {
  find "$results" artifacts/demo -name '*.trx' -exec grep -ho "<Counters [^>]*" {} + | sed -n "s/.* $1=\"\([0-9]*\)\".*/\1/p" | awk '{ sum += $1 } END { print sum + 0 }'
}
passed=$(count passed)
failed=$(count failed)
[ "$failed_steps" -gt 0 ] && [ "$failed" = 0 ] && failed=$failed_steps
[ "$passed" = 0 ] && failed=$((failed + 1))
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
