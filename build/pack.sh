#!/usr/bin/env bash
# Packs SchemaIsolation.Abstractions, .Collector, .Tool and .PostgreSql into artifacts/packages: the newest PostgreSQL for this platform.
# With --all every PostgreSQL that build/servers.txt pins, from 15 on, for every platform.
set -euo pipefail
case "${1:-}" in
  --all | '') ;;
  *) echo 'usage: pack.sh [--all]' >&2; exit 2 ;;
esac
cd "$(dirname "$0")/.."
servers=("$(sed -n 's|.*<SchemaIsolationServerVersion>\(.*\)</.*|\1|p' build/Version.props)")
[ $# = 0 ] || servers=(--all 15 16 17 18)

# Packing takes the better part of a minute: what has just been packed of the same sources is not packed again.
packed=artifacts/packages/packed${1:-}
if [ -f "$packed" ] && [ -d artifacts/publish ] && [ -z "$(find src build README.md global.json nuget.config Directory.*.props -type f -not -path '*/bin/*' -not -path '*/obj/*' -newer "$packed" | head -n 1)" ]; then
  ls artifacts/packages/*.nupkg
  exit 0
fi
rm -f artifacts/packages/packed*
begun=$(mktemp artifacts/packages/begun-XXXXXX)
trap 'rm -f "$begun"' EXIT

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
rm -f artifacts/packages/SchemaIsolation.{Abstractions,Collector,Tool}.*.nupkg
dotnet pack src/Abstractions -c Release --no-build -v quiet -nologo
dotnet pack src/Collector -c Release --no-build -v quiet -nologo
dotnet pack src/Keeper -c Release --no-build -v quiet -nologo

# The servers' content is pinned, and packing takes seconds each: one is packed again only when what goes beside it has changed.
pack_server() {
  dotnet pack src/PostgreSql -c Release --no-build -v quiet -nologo -p:ServerVersion="$1" -p:ServerPlatform="$2" -p:NuspecFile="$3"
}
nuspecs=$PWD/src/PostgreSql
[ -z "$(find src/PostgreSql build/servers.txt build/servers.sh build/pack.sh -type f -not -path '*/obj/*' -newer artifacts/servers/packed 2>&1)" ] || {
  rm -f artifacts/packages/SchemaIsolation.PostgreSql.*.nupkg
  dotnet restore src/PostgreSql -v quiet -nologo >/dev/null
}
fetched=$(./build/servers.sh "${servers[@]}")
for directory in $fetched; do
  version=${directory##*/} of=$(basename "${directory%/*}")
  [ -f "artifacts/packages/SchemaIsolation.PostgreSql.$of.$version.0.nupkg" ] || pack_server "$version" "$of" "$nuspecs/Platform.nuspec"
done
for version in $(for directory in $fetched; do echo "${directory##*/}"; done | sort -u); do
  dependencies=
  for package in artifacts/packages/SchemaIsolation.PostgreSql.*-*."$version".0.nupkg; do
    id=${package##*/} id=${id%."$version".0.nupkg}
    dependencies+="<dependency id=\"$id\" version=\"[$version.0]\" />"
  done
  sed "s|<!-- dependencies: .* -->|$dependencies|" "$nuspecs/AllPlatforms.nuspec" >artifacts/servers/AllPlatforms.nuspec
  pack_server "$version" all "$PWD/artifacts/servers/AllPlatforms.nuspec"
done
touch artifacts/servers/packed

# The version stays while the content changes: whoever restores must not find the former one unpacked.
rm -rf artifacts/nuget/schemaisolation.*

# As of when packing began: what was changed meanwhile is packed the next time.
mv "$begun" "$packed"
ls artifacts/packages/*.nupkg
