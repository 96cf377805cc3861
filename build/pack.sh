#!/usr/bin/env bash
# Packs SchemaIsolation.Abstractions and SchemaIsolation.Collector into artifacts/packages.
set -euo pipefail
cd "$(dirname "$0")/.."

dotnet build src/Abstractions -c Release -v quiet -nologo
dotnet build src/Collector -c Release -v quiet -nologo
rm -rf artifacts/publish artifacts/compiled
dotnet publish src/Keeper -c Release -v quiet -nologo

# Once more, compiled ahead for this platform: in a directory of its own, as a restore for one platform is not one for all.
case $(uname -s) in Linux) platform=linux ;; Darwin) platform=osx ;; *) platform=win ;; esac
case $(uname -m) in arm64 | aarch64) platform+=-arm64 ;; *) platform+=-x64 ;; esac
compiled=artifacts/compiled/publish/SchemaIsolation.Keeper/release_$platform
mkdir -p artifacts/compiled/keeper
if dotnet publish src/Keeper -c Release -v quiet -nologo -r "$platform" --no-self-contained -p:PublishReadyToRun=true \
    -p:ArtifactsPath="$PWD/artifacts/compiled/"; then
  # It runs wherever the portable one does.
  cp artifacts/publish/SchemaIsolation.Keeper/release/SchemaIsolation.Keeper.runtimeconfig.json "$compiled/"
  mv "$compiled" "artifacts/compiled/keeper/$platform"
else
  echo "The keeper is not compiled ahead for $platform: the compiler of that platform could not be had." >&2
fi
rm -f artifacts/packages/*.nupkg
dotnet pack src/Abstractions -c Release --no-build -v quiet -nologo
dotnet pack src/Collector -c Release --no-build -v quiet -nologo

# The version stays while the content changes: whoever restores must not find the former one unpacked.
rm -rf artifacts/nuget/schemaisolation.*
ls artifacts/packages/*.nupkg
