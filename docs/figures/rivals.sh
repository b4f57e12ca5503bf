#!/bin/sh
# What Firebreak's detector and its rivals do on recorded cases, in the words of the bench's scorer.
# Usage: docs/figures/rivals.sh SCORE.PY FOLDER DATASET…        (cases are FOLDER/DATASET/*/)
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd -P)
scorer=$1
folder=$2
shift 2
jar=$root/benchmarks/target/benchmarks.jar
[ -f "$jar" ] || mvn -q -f "$root/pom.xml" -Pbenchmarks -pl benchmarks -am package -DskipTests
out=$(mktemp -d)
for dataset in "$@"; do
  set -- "$folder/$dataset"/*/
  java -XX:+UseSerialGC -cp "$jar" dev.firebreak.benchmarks.CompareRivals "$out/$dataset" "$@"
  for lines in "$out/$dataset"/*.jsonl; do
    basename "$lines" .jsonl
    python3 "$scorer" "$lines" "$folder"
  done
done
