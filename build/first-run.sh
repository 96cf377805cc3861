#!/usr/bin/env bash
# Measures what "dotnet test" takes with the server package: the first run ever, the next ones, and those that find the server kept.
# Prints the table of docs/servers.md: medians of 5 rounds, of one test of a sample that was built before.
set -euo pipefail
cd "$(dirname "$0")/.."
rounds=5

./build/pack.sh >&2
dotnet build samples/Tracker.Tests -v quiet -nologo >&2
temporary=$(mktemp -d)
chmod a+rx "$temporary"
export SCHEMAISOLATION__ServerDirectory=$temporary/servers
server() { dotnet exec artifacts/publish/SchemaIsolation.Keeper/release/SchemaIsolation.Keeper.dll server "$@" --project samples/Tracker.Tests >&2; }
trap 'server wipe --force; rm -rf "$temporary"' EXIT

# $1: which row the time is for.
run() {
  local start=$(date +%s%N)
  rm -rf "$temporary/results"
  dotnet test samples/Tracker.Tests --no-build -nologo --collect:SchemaIsolation --filter FullyQualifiedName~IssueTests --results-directory "$temporary/results" >&2
  echo $((($(date +%s%N) - start) / 1000000)) >>"$temporary/$1"
  sed -n 's/.*started on the embedded server.*(\([0-9]*\) ms).*/\1/p' "$temporary"/results/*/schema-isolation.json >>"$temporary/$1-server"
}

for _ in $(seq "$rounds"); do
  run first
  run second
  SCHEMAISOLATION__KeepServer=00:10:00 run third # It starts the server, and leaves it running.
  SCHEMAISOLATION__KeepServer=00:10:00 run kept
  server stop
  server wipe --force
done

median() { sort -n "$temporary/$1" | sed -n "$(((rounds + 1) / 2))p"; }
ratio() { awk "BEGIN { printf \"%.2f\", $1 / $2 }"; }
row() { echo "| $1 | $(median "$2-server") ms | $(ratio "$(median "$2-server")" "$(median second-server)") | $(median "$2") ms | $(ratio "$(median "$2")" "$(median second)") |"; }
echo '| Run | Until the server is there | ÷ second | `dotnet test` | ÷ second |'
echo '| --- | --: | --: | --: | --: |'
row 'The first ever: copies the programs, makes the data, builds the template' first
row 'The second: starts the server' second
row 'With `KeepServer`, the server running' kept
