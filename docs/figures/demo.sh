#!/bin/sh
# Runs the demo N times in a scenario and prints how each ended: outcome, seconds, breach to undo, what the shop says.
# Usage: docs/figures/demo.sh [cascade|contained] [N] [PORT-BASE]
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd -P)
scenario=${1:-cascade}
times=${2:-10}
base=${3:-8080}
out=$(mktemp -d)
export FIREBREAK_HOME="$out/home"
i=1
while [ "$i" -le "$times" ]; do
  start=$(date +%s)
  "$root/firebreak" demo --scenario "$scenario" --port-base "$base" --out "$out/$i" >"$out/$i.log" 2>&1 && status=0 || status=$?
  end=$(date +%s)
  outcome=$(sed -n 's/^ *"outcome" *: *"\([A-Z]*\)".*/\1/p' "$out/$i"/*/report.json 2>/dev/null | head -1)
  undo=$(sed -n 's/^undo  *sent \(.*\) after .*/\1/p' "$out/$i.log")
  shop=$(sed -n 's/^shop  *//p' "$out/$i.log")
  printf '%2d  exit %s  %-12s %3d s  undo %-8s  %s\n' "$i" "$status" "${outcome:-none}" $((end - start)) "${undo:--}" "${shop:-no answer}"
  i=$((i + 1))
done
echo "logs and reports: $out"
