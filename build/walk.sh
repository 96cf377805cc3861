#!/usr/bin/env bash
# Walks from an empty machine to a swept server, as a newcomer would, and writes docs/walk.md with what each command really printed.
set -euo pipefail
cd "$(dirname "$0")/.."
./build/pack.sh >&2

users=$HOME repository=$PWD page=$PWD/docs/walk.md
home=$(mktemp -d)
chmod 755 "$home"
version() { sed -n "s|.*<$1>\(.*\)</.*|\1|p" build/Version.props; }
pin() { sed -n "s|.*Include=\"$1\" Version=\"\(.*\)\" .*|\1|p" Directory.Packages.props; }
ours=$(version SchemaIsolationVersion) server=$(version SchemaIsolationServerVersion).0

# A home of its own, with nothing in it but where packages come from.
export HOME=$home DOTNET_CLI_HOME=$home NUGET_PACKAGES=$home/.nuget/packages DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 MSBUILDTERMINALLOGGER=off
export SCHEMAISOLATION__ServerDirectory=$home/.cache/schema-isolation PATH=$home/.dotnet/tools:$PATH
unset SCHEMAISOLATION__Server SCHEMAISOLATION__ServerBinaries
trap 'schema-isolation server wipe --force --project "$home/Shop.Tests" >/dev/null 2>&1 || true; rm -rf "$home"' EXIT
sed "s|artifacts/packages|$repository/artifacts/packages|" nuget.config >"$home/nuget.config"
mkdir "$home/Shop.Tests"
[ ! -f "$users/.nuget/NuGet/NuGet.Config" ] || { mkdir -p "$home/.nuget/NuGet" && cp "$users/.nuget/NuGet/NuGet.Config" "$home/.nuget/NuGet/"; }
cd "$home/Shop.Tests"

say() { printf '%s\n\n' "$@" >>"$page"; }
# What differs from machine to machine is left out: where the home is, and how VSTest calls it.
clean() { sed -e "s|$home|~|g" -e '/^Test run for /d;/^A total of 1 test files/d;/^  *Determining projects/d;/^  *Restored /d;/^  *Shop.Tests -> /d;/^\[xUnit.net /d;/^ *at /d;/^ *Stack Trace:/d;/^--- End of stack/d' | cat -s | sed '1{/^$/d}'; }
run() {
  # Four, as what a command prints may have fences of its own.
  { printf '````console\n$ %s\n' "$1"; { eval "$1" 2>&1 || true; } | clean; printf '````\n\n'; } >>"$page"
}
write() { # file, language, content
  printf '%s\n' "$3" >"$1"
  printf '`%s`:\n\n```%s\n%s\n```\n\n' "$1" "$2" "$3" >>"$page"
}

printf '# A walk\n\nFrom an empty machine to a failed test that can be looked at, and back to nothing. `./build/walk.sh` has written this page: what stands below a command is what it printed.\n\n' >"$page"
say '## The first green test' 'A project, a migration, and a test that leases:'
cat >Shop.Tests.csproj <<P
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <TargetFramework>net10.0</TargetFramework>
    <Nullable>enable</Nullable>
    <ImplicitUsings>enable</ImplicitUsings>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="Microsoft.NET.Test.Sdk" Version="$(cd "$repository" && pin Microsoft.NET.Test.Sdk | tr -d '[]')" />
    <PackageReference Include="Npgsql" Version="$(cd "$repository" && pin Npgsql | tr -d '[]')" />
    <PackageReference Include="SchemaIsolation.Collector" Version="$ours" />
    <PackageReference Include="SchemaIsolation.PostgreSql" Version="$server" />
    <PackageReference Include="xunit" Version="$(cd "$repository" && pin xunit | tr -d '[]')" />
    <PackageReference Include="xunit.runner.visualstudio" Version="$(cd "$repository" && pin xunit.runner.visualstudio | tr -d '[]')" />
  </ItemGroup>
</Project>
P
mkdir migrations
run 'cat Shop.Tests.csproj'
write migrations/0001_packs.sql sql 'create table packs (id bigint generated always as identity primary key, ref text not null unique);'
write PackTests.cs csharp "$(cat "$repository/samples/Recipes.Tests/PackTests.cs")"
run 'dotnet test --collect:SchemaIsolation'
say 'That was all: a PostgreSQL has been unpacked and started, the migration run, the test given a schema of its own, and everything dropped again.'

say '## The tool'
run "dotnet tool install --global SchemaIsolation.Tool --version $ours"
run 'schema-isolation doctor'
run 'schema-isolation status'

say '## A test that fails' 'It expects a pack that nobody has added:'
write StockTests.cs csharp "$(cat "$repository/tests/Acceptance/Suites/Probe/StockTests.cs")"
run 'dotnet test --collect:"SchemaIsolation;KeepFailed=1;KeepFailedFor=00:00:30"'
say 'Its database is kept, here for half a minute, and what is in it is attached to the test, and can be looked at:'
run 'schema-isolation inspect'
run 'schema-isolation inspect Three_packs --print'

say '## Back to nothing' 'When its time is over, the next session drops it, or a sweep:'
sleep 30
run 'schema-isolation sweep'
run 'schema-isolation verify'
run 'schema-isolation server wipe --force'
sed -i -e :a -e '/^\n*$/{$d;N;ba' -e '}' "$page"
