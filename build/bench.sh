#!/usr/bin/env bash
# Compares the ways of keeping tests apart, and prints the tables of docs/performance.md; progress goes to standard error.
# usage: bench.sh [--json FILE] [--quick]      some 35 minutes on two cores, with --quick 7.
set -euo pipefail
here=$PWD
cd "$(dirname "$0")/.."

arguments=()
while [ $# -gt 0 ]; do
  case $1 in
    --json) [ $# -gt 1 ] || { echo 'usage: bench.sh [--json FILE] [--quick]' >&2; exit 2; }
      case $2 in /*) file=$2 ;; *) file=$here/$2 ;; esac
      arguments+=(--json "$file"); shift 2 ;;
    --quick) arguments+=(--quick); shift ;;
    *) echo 'usage: bench.sh [--json FILE] [--quick]' >&2; exit 2 ;;
  esac
done

./build/postgres.sh >&2
./build/pack.sh >&2
dotnet build bench/Projects/EmptyCollector -c Release -v quiet -nologo >&2
dotnet build bench/Projects/Trivial -c Release -v quiet -nologo >&2
dotnet build bench -c Release -v quiet -nologo >&2
cat <<'EOF'
# How fast

Made by `./build/bench.sh` (`--quick` for a short one, `--json FILE` for the figures): each arm is a way of keeping tests apart, all run the
same tests on one server, in turns, so that the ratios hold where the milliseconds do not. The server is the embedded one with its
settings; durable means that `fsync`, `full_page_writes` and `synchronous_commit` are on. Its data is in the temporary directory:
`TMPDIR=… ./build/bench.sh` puts it on another file system, which matters to all that makes files.

- **none**: all tests in one schema, nothing undone: the floor. **transaction**: one connection, rolled back. **ours**: a leased schema, by
  `Reuse`; the keeper is the published one. **clone per test**: `CREATE DATABASE … TEMPLATE` with the quicker strategy, and dropped when the last
  connection is gone. **migrations per schema**: all in one message into a new schema, and dropped. **truncate**, **delete**: all tables of one schema
  after each test, one test at a time.
- A test opens what it is given as a suite would: where its connection string comes again through Npgsql's pool, else with a data
  source of its own.
- **Overhead a test** is the difference of the whole times to *none*, by test, so it has in it what goes on beside the tests. Its **median** and
  **p95** are those of each test against the same test in *none*. **Lease** is how long a test waits for its state. **After** is what was still
  being done when the last test had ended. Connections, and the processor time of server and keeper, are everybody's, until then.
- Before each run some tests are run that are not measured.

EOF
exec dotnet exec artifacts/bin/SchemaIsolation.Bench/release/SchemaIsolation.Bench.dll ${arguments[@]+"${arguments[@]}"}
