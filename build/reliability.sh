#!/usr/bin/env bash
# Repeats the kill matrix of tests/Acceptance/Deaths, and prints docs/reliability.md.
# usage: reliability.sh [RUNS] > docs/reliability.md      20 runs unless given; some 90 s each on two cores.
set -uo pipefail
cd "$(dirname "$0")/.."
runs=${1:-20}
work=$(mktemp -d)
chmod 755 "$work"
trap 'rm -rf "$work"' EXIT
export RELIABILITY_RECORD=$work/record.tsv RELIABILITY_SUITES=$work/suites
mkdir "$RELIABILITY_SUITES"

./build/postgres.sh >&2
dotnet build tests/Acceptance -nologo -v quiet >&2 || exit 1

# The first run builds the suites for all.
red=0
for run in $(seq "$runs"); do
  dotnet test tests/Acceptance --no-build -nologo --filter 'FullyQualifiedName~.Deaths.&Run!=All' > "$work/log" 2>&1
  failed=$(grep -c '^  Failed ' "$work/log")
  red=$((red + failed))
  echo "run $run of $runs: $failed red" >&2
  [ "$failed" = 0 ] || grep -A 3 '^  Failed ' "$work/log" >&2
done

cat <<EOF
# However a run dies

Made by \`./build/reliability.sh\`, which repeats the tests in \`tests/Acceptance/Deaths\`. Each row is a real \`dotnet test\` on the packed
packages whose test holds a lease, with a transaction open, when the death comes. Measured is the time from the death until nothing
is left: no database of ours but the published template, no lock, no directory, no keeper. The promise is five seconds; a row that
exceeds it is red.

| Way to die | Who sweeps | Runs | Median s | Worst s |
| --- | --- | --: | --: | --: |
EOF
sort "$RELIABILITY_RECORD" | awk -F '\t' '
  function flush_row(  i, j, t) {
    if (n == 0) return
    for (i = 2; i <= n; i++) { t = s[i]; for (j = i - 1; j > 0 && s[j] > t; j--) s[j + 1] = s[j]; s[j + 1] = t }
    printf "| %s | %s | %d | %.2f | %.2f |\n", death, sweeper, n, n % 2 ? s[(n + 1) / 2] : (s[n / 2] + s[n / 2 + 1]) / 2, s[n]
    n = 0
  }
  $1 != death || $2 != sweeper { flush_row(); death = $1; sweeper = $2 }
  { s[++n] = $3 + 0 }
  END { flush_row() }'
cat <<EOF

$(wc -l < "$RELIABILITY_RECORD") deaths, $red red. $(nproc) processors, PostgreSQL $(find /usr/lib/postgresql /opt/homebrew/opt -maxdepth 1 -name '*1[4-8]' 2>/dev/null | sed 's/.*[/@]//' | sort -n | tail -1), .NET SDK $(dotnet --version), $(uname -s).
EOF
[ "$red" = 0 ]
