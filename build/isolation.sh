#!/usr/bin/env bash
# Makes the table of docs/isolation.md anew, of what tests/PostgreSql/Templates/WildMigrationTests.cs expects and proves.
# usage: isolation.sh      some minutes on two cores.
set -uo pipefail
cd "$(dirname "$0")/.."

./build/postgres.sh
dotnet build tests/PostgreSql -nologo -v quiet || exit 1
dotnet test tests/PostgreSql --no-build -nologo --filter 'FullyQualifiedName~.WildMigrationTests.' || exit 1
ISOLATION_PAGE=$PWD/docs/isolation.md dotnet test tests/PostgreSql --no-build -nologo --filter 'FullyQualifiedName~.IsolationPageTests.'
