#!/usr/bin/env bash
# Counts the instructions of some pieces of work under valgrind, and compares them with those in instructions.txt: a change that makes the
# engine slower is seen without a clock, on a machine that is busy with other things. It takes half a minute.
#
#   instructions.sh              fails if a piece takes over 3 % more instructions than in instructions.txt
#   instructions.sh --update     writes instructions.txt anew
set -euo pipefail
folder=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
expected=$folder/instructions.txt
case ${1:-} in
  "" | --update) ;;
  *) echo "usage: instructions.sh [--update]" >&2; exit 2 ;;
esac
command -v valgrind > /dev/null || { echo "valgrind is not installed." >&2; exit 2; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
dotnet build "$folder" -c Release --nologo --verbosity quiet >&2
program=$folder/bin/Release/net10.0/BpTrainer.Benchmarks

# All code is compiled once, with optimization, and nothing is collected meanwhile. The vectors are those that valgrind has.
export DOTNET_TieredCompilation=0 DOTNET_gcConcurrent=0 DOTNET_GCgen0size=0x10000000 DOTNET_GCHeapHardLimit=0x20000000
export BPTRAINER_KERNEL=vector256
valgrind --tool=callgrind --callgrind-out-file="$work/counts" --dump-before=getppid "$program" count \
  > "$work/pieces" 2> "$work/messages" || { cat "$work/messages" >&2; exit 1; }

# File 1 ends at the first mark of all, files 2, 4, 6 … where a piece begins to count, and 3, 5, 7 … where it ends.
dump=1
while read -r piece calls; do
  dump=$((dump + 2))
  echo "$piece $(awk -v calls="$calls" '/^summary:/ {printf "%d", $2 / calls}' "$work/counts.$dump")"
done < "$work/pieces" > "$work/counted"

if [ "${1:-}" = --update ]; then
  cp "$work/counted" "$expected"
  cat "$expected"
  exit
fi

awk '
  NR == FNR {bound[$1] = $2; next}
  !($1 in bound) {print $1 ": not in instructions.txt"; failed = 1; next}
  {
    change = 100 * ($2 / bound[$1] - 1)
    slower = change > 3
    failed = failed || slower
    printf "%-24s %9d instructions, %+.1f %%%s\n", $1, $2, change, slower ? ": slower than in instructions.txt" : ""
  }
  END {exit failed}' "$expected" "$work/counted"
