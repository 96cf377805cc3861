#!/usr/bin/env bash
# Packs SchemaIsolation.Abstractions and SchemaIsolation.Collector into artifacts/packages.
set -euo pipefail
cd "$(dirname "$0")/.."

dotnet build src/Abstractions -c Release -v quiet -nologo
dotnet build src/Collector -c Release -v quiet -nologo
rm -rf artifacts/publish
dotnet publish src/Keeper -c Release -v quiet -nologo
rm -f artifacts/packages/*.nupkg
dotnet pack src/Abstractions -c Release --no-build -v quiet -nologo
dotnet pack src/Collector -c Release --no-build -v quiet -nologo

# The version stays while the content changes: whoever restores must not find the former one unpacked.
rm -rf artifacts/nuget/schemaisolation.*
ls artifacts/packages/*.nupkg
