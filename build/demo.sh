#!/usr/bin/env bash
# Packs, runs the samples as a newcomer would, and shows what is left on the server. Arguments go to "dotnet test".
set -euo pipefail
cd "$(dirname "$0")/.."

./build/pack.sh
results=artifacts/demo
rm -rf "$results"

for suite in Workflow JobQueue Tracker Tracker.NUnit Shop Recipes; do
  dotnet test "samples/$suite.Tests" --collect:SchemaIsolation --results-directory "$results/$suite" "$@"
done

# Leases as the reports count them; leftovers as the server lists them now.
reports=("$results"/*/*/schema-isolation.json)
leases=$(sed -n 's/^    "leases": \([0-9]*\),$/\1/p' "${reports[@]}" | awk '{ sum += $1 } END { print sum + 0 }')
left=$(dotnet exec artifacts/publish/SchemaIsolation.Keeper/release/SchemaIsolation.Keeper.dll sweep --dry-run --project samples/Workflow.Tests |
  sed -n 's/^\([0-9]*\) left over on .*/\1/p')
sed -n 's/.*"message": "\(\(Built\|Reused\) .*\)"$/\1/p' "${reports[@]}"
echo "SchemaIsolation: $leases leases, $left left over"
[ "$left" = 0 ]
