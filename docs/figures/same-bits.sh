#!/bin/sh
# Whether the detector says the same, byte for byte, on every JDK: replays recorded cases on each and compares.
# Builds nothing: uses the launcher's jar, or JAR.
# Usage: [JAR=firebreak.jar] docs/figures/same-bits.sh FOLDER [JAVA_HOME…]        (cases are FOLDER/DATASET/*/)
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd -P)
[ $# -ge 1 ] || { sed -n '2,4s/^# //p' "$0" >&2; exit 64; }
folder=$1
shift
[ $# -gt 0 ] || set -- /usr/lib/jvm/java-17-openjdk-amd64 /usr/lib/jvm/temurin-25-jdk-amd64
jar=${JAR:-$root/app/target/firebreak/firebreak.jar}
[ -f "$jar" ] || { echo "no $jar: build with mvn package -DskipTests" >&2; exit 66; }
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
first=
same=0
for home in "$@"; do
  if [ ! -x "$home/bin/java" ]; then
    echo "skipped: no Java in $home"
    continue
  fi
  version=$(sed -n 's/^JAVA_VERSION="\([^"]*\)".*/\1/p' "$home/release" 2>/dev/null || true)
  said=$out/$(printf '%s' "$home" | tr / _).jsonl
  "$home/bin/java" -XX:+UseSerialGC -Xlog:disable -Dfirebreak.root="$root" -jar "$jar" replay --json "$folder"/*/*/ >"$said"
  if [ -z "$first" ]; then
    first=$said
    echo "Java ${version:-in $home}: $(grep -c . "$said") cases, $(cksum <"$said")"
  elif cmp "$first" "$said"; then
    same=$((same + 1))
    echo "Java ${version:-in $home}: the same bits"
  else
    echo "Java ${version:-in $home}: differs" >&2
    exit 1
  fi
done
[ "$same" -gt 0 ] || echo 'nothing compared: it takes two JDKs'
