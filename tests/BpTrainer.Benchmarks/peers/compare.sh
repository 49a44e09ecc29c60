#!/usr/bin/env bash
# Does the same work in BpTrainer, scikit-learn, PyTorch and FANN, in turns, and prints the ratios as a Markdown table.
#
#   compare.sh [--rounds N] [--quick]     N rounds, default 3; --quick is one short round, to see whether all runs
#
# A peer that is not installed is left out with a word. PYTHON names the Python that has scikit-learn and PyTorch.
# Samples and rows a second are rates: fast programs get more epochs, so that each runs for about a second.
# Ours count from the cold start of the training, as the peers' do; Fit is measured warm, the best of six. The best of all rounds counts, for each of the thread counts.
set -euo pipefail
peers=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "$peers/../../.."

rounds=3 shrink=1
while [ $# -gt 0 ]; do
  case $1 in
    --rounds)
      rounds=${2:-}
      [ $# -eq 1 ] || shift
      ;;
    --quick) rounds=1 shrink=20 ;;
    *) echo "usage: compare.sh [--rounds N] [--quick]" >&2; exit 2 ;;
  esac
  shift
done
[[ $rounds =~ ^[1-9][0-9]*$ ]] || { echo "--rounds is '$rounds', but must be a whole number of 1 or more." >&2; exit 2; }

dotnet restore --verbosity quiet >&2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
results=$work/results
touch "$results"

say() { echo "$*" >&2; }

build() { dotnet build "tests/$1" --configuration Release --no-restore --verbosity quiet >&2; }
program() { echo "tests/$1/bin/Release/net10.0/$1.dll"; }

build BpTrainer.Benchmarks
engine=$(program BpTrainer.Benchmarks)
build BpTrainer.ML.Benchmarks
ml=$(program BpTrainer.ML.Benchmarks)

# The first Python that knows a module.
python_with() {
  local python
  for python in "${PYTHON:-python3}" /usr/bin/python3; do
    if "$python" -c "import $1" 2>/dev/null; then
      echo "$python"
      return
    fi
  done
}

sklearn=$(python_with sklearn)
[ -n "$sklearn" ] || say "== scikit-learn: left out, not installed."
torch=$(python_with torch)
[ -n "$torch" ] || say "== PyTorch: left out, not installed."
fann=$work/fann_peer
if ! cc -O2 -o "$fann" "$peers/fann_peer.c" -lfann -lm 2>/dev/null; then
  fann=
  say "== FANN: left out, no C compiler or no libfann."
fi

# note KEY WHO THREADS LINE FIELD [SECOND]: keeps a field of a JSON line under KEY, and the second, if any, under KEY.first.
note() {
  local key=$1 who=$2 threads=$3 line=$4 field value name=$1
  shift 4
  for field in "$@"; do
    value=$(sed -n "s/.*\"$field\": *\([-+0-9.eE]*\).*/\1/p" <<<"$line")
    [ -n "$value" ] || { say "$who printed no $field for $key: $line"; exit 1; }
    printf '%s\t%s\t%s\t%s\n' "$name" "$who" "$threads" "$value" >>"$results"
    name=$key.first
  done
}

# ours KEY THREADS ARGUMENTS...: a training of ours.
ours() {
  local key=$1 threads=$2
  shift 2
  note "$key" BpTrainer "$threads" "$(dotnet "$engine" throughput --threads "$threads" "$@")" samples_per_second
}

# ours_epochs KEY ARGUMENTS...: its tenth epoch and its first, in a new process.
ours_epochs() {
  local key=$1
  shift
  note "$key" BpTrainer 1 "$(dotnet "$engine" throughput --threads 1 --epochs 10 "$@")" \
    last_epoch_samples_per_second first_epoch_samples_per_second
}

# ours_predict KEY ARGUMENTS...
ours_predict() {
  local key=$1
  shift
  note "$key" BpTrainer 1 "$(dotnet "$engine" predict "$@")" rows_per_second
}

# In the environment of a peer: its threads, and OpenBLAS free to choose the kernel that suits the processor.
with_threads() {
  local threads=$1
  shift
  env -u OPENBLAS_CORETYPE -u OPENBLAS_L2_SIZE OPENBLAS_NUM_THREADS="$threads" OMP_NUM_THREADS="$threads" "$@"
}

# python_peer KEY LIBRARY FIELD ARGUMENTS...: with one thread and with two.
python_peer() {
  local key=$1 library=$2 field=$3 threads python=${!2}
  shift 3
  [ -n "$python" ] || return 0
  for threads in 1 2; do
    note "$key" "$library" "$threads" "$(with_threads "$threads" "$python" "$peers/python_peer.py" "$library" "$@" "$threads")" "$field"
  done
}

# fann_peer KEY FIELD ARGUMENTS...: FANN has one thread.
fann_peer() {
  local key=$1 field=$2
  shift 2
  [ -n "$fann" ] || return 0
  note "$key" fann 1 "$(with_threads 1 "$fann" "$@")" "$field"
}

least() { echo $(($1 / shrink > 0 ? $1 / shrink : 1)); }

for ((round = 1; round <= rounds; round++)); do
  say "== Round $round of $rounds"
  images=$(least 60000)
  ours image 1 --inputs 784 --hidden 256 --outputs 10 --batch 128 --epochs 3 --rows "$images"
  python_peer image sklearn samples_per_second train 784 256 10 "$images" 128 3
  ours image 2 --inputs 784 --hidden 256 --outputs 10 --batch 128 --epochs 3 --rows "$images"
  python_peer image torch samples_per_second train 784 256 10 "$images" 128 3

  ours table 1 --inputs 13 --hidden 50 --outputs 1 --batch 32 --rows 20000 --epochs "$(least 600)"
  python_peer table sklearn samples_per_second train 13 50 1 20000 32 "$(least 20)"
  fann_peer table samples_per_second train 13 50 20000 32 "$(least 60)"
  python_peer table torch samples_per_second train 13 50 1 20000 32 "$(least 10)"

  ours online 1 --inputs 10 --hidden 20 --outputs 1 --batch 1 --rows 20000 --epochs "$(least 1000)"
  fann_peer online samples_per_second train 10 20 20000 1 "$(least 120)"
  python_peer online sklearn samples_per_second train 10 20 1 "$(least 20000)" 1 1

  ours_predict row-tiny --inputs 10 --hidden 20 --outputs 1
  fann_peer row-tiny rows_per_second predict 10 20 10000
  ours_predict row-table --inputs 13 --hidden 50 --outputs 1
  fann_peer row-table rows_per_second predict 13 50 10000

  ours_predict block --inputs 784 --hidden 256 --outputs 10 --block 256
  for rows in 0 256; do # all at once, or in blocks like ours: the better counts
    python_peer block torch rows_per_second predict 784 256 10 10000 "$rows"
    python_peer block sklearn rows_per_second predict 784 256 10 10000 "$rows"
  done

  ours_epochs start-image --inputs 784 --hidden 256 --outputs 10 --batch 128 --rows "$images"
  ours_epochs start-table --inputs 13 --hidden 50 --outputs 1 --batch 32 --rows "$images"
  ours_epochs start-online --inputs 10 --hidden 20 --outputs 1 --batch 1 --rows "$images"

  if [ -n "$ml" ]; then
    note fit-image BpTrainer 1 "$(dotnet "$ml" fit --task multiclass --rounds 6 --rows "$(least 20000)")" ratio
    note fit-table BpTrainer 1 "$(dotnet "$ml" fit --task regression --rounds 6 --rows "$(least 60000)")" ratio
    line=$(dotnet "$ml" transform --rounds 1 --rows "$(least 100000)")
    note transform BpTrainer 1 "$line" back_propagation
    note transform fast_tree 1 "$line" fast_tree
    note transform light_gbm 1 "$line" light_gbm
    for counted in "" --uncounted; do
      line=$(dotnet "$ml" read --rounds 1 --rows "$images" $counted)
      note "read$counted" BpTrainer 1 "$line" share_of_epoch
      note "memory$counted" BpTrainer 1 "$line" peak_ratio
    done
  fi
done

# The rows of the table: title; key; our threads; the peer and its threads; the goal. "first" is our own first epoch.
# A goal with < is an upper bound of a figure that is a ratio by itself; of several rounds the least counts.
rows='784-256-10 ReLU, batch 128, 1 thread; image; 1; sklearn; 1; 1.6
784-256-10 ReLU, batch 128, 1 thread; image; 1; torch; 1; 1.6
784-256-10 ReLU, batch 128, 2 threads; image; 2; sklearn; 12; 2.2
784-256-10 ReLU, batch 128, 2 threads; image; 2; torch; 12; 2.2
13-50-1 tanh, batch 32, 1 thread; table; 1; sklearn; 12; 20
13-50-1 tanh, batch 32, 1 thread; table; 1; fann; 1; 10
13-50-1 tanh, batch 32, 1 thread; table; 1; torch; 12;
10-20-1 tanh, online; online; 1; fann; 1; 6
10-20-1 tanh, online; online; 1; sklearn; 12;
Predict a row, 10-20-1; row-tiny; 1; fann; 1; 6
Predict a row, 13-50-1; row-table; 1; fann; 1; 10
Score blocks, 784-256-10, 1 thread; block; 1; torch; 1; 1.5
Score blocks, 784-256-10, 1 thread; block; 1; sklearn; 1;
First epoch against tenth, 784-256-10; start-image; 1; first; 1; 0.5
First epoch against tenth, 13-50-1; start-table; 1; first; 1; 0.5
First epoch against tenth, 10-20-1 online; start-online; 1; first; 1; 0.5
ML.NET Transform, 20 features; transform; 1; fast_tree; 1; 1
ML.NET Transform, 20 features; transform; 1; light_gbm; 1; 1
ML.NET Fit / engine, 784-256-10; fit-image; 1; ; ; <1.15
ML.NET Fit / engine, 13-50-1; fit-table; 1; ; ; <1.15
Reading 784 columns beyond the cursor / epoch; read; 1; ; ; <0.1
The same, number of rows unknown; read--uncounted; 1; ; ; <0.1
Peak memory / float matrix and parameters; memory; 1; ; ; <1.3
The same, number of rows unknown; memory--uncounted; 1; ; ; <1.3'

processor=$(sed -n 's/^model name[^:]*: *//p' /proc/cpuinfo 2>/dev/null | head -n 1 || true)
echo "Processor: ${processor:-unknown}, $(getconf _NPROCESSORS_ONLN) cores. Best of $rounds rounds; samples or rows a second, threads in brackets."
[ "$shrink" -eq 1 ] || echo "A quick run: the figures say nothing."
echo
awk -F '\t' -v rows="$rows" '
  function human(x) { return x >= 1e6 ? sprintf("%.2f M", x / 1e6) : sprintf("%.0f k", x / 1e3) }
  {
    id = $1 SUBSEP $2 SUBSEP $3
    if (!(id in most) || $4 + 0 > most[id]) most[id] = $4 + 0
    if (!(id in least) || $4 + 0 < least[id]) least[id] = $4 + 0
  }
  END {
    name["sklearn"] = "scikit-learn"; name["torch"] = "PyTorch"; name["fann"] = "FANN"; name["first"] = "first epoch"
    name["fast_tree"] = "FastTree"; name["light_gbm"] = "LightGBM"
    print "| work | BpTrainer | against | its rate | ratio | goal | |"
    print "|---|---|---|---|---|---|---|"
    count = split(rows, line, "\n")
    for (i = 1; i <= count; i++) {
      split(line[i], f, "; *")
      our = f[2] SUBSEP "BpTrainer" SUBSEP f[3]
      if (!(our in most)) continue
      goal = f[6]
      if (goal ~ /^</) {
        bound = substr(goal, 2)
        printf "| %s | | | | %.2f | ≤ %s | %s |\n", f[1], least[our], bound, least[our] <= bound + 0 ? "met" : "missed"
        continue
      }
      best = 0
      for (t = 1; t <= 2; t++) {
        their = f[4] == "first" ? f[2] ".first" SUBSEP "BpTrainer" SUBSEP t : f[2] SUBSEP f[4] SUBSEP t
        if (index(f[5], t) && their in most && most[their] > best) { best = most[their]; threads = t }
      }
      if (best == 0) continue
      ratio = f[4] == "first" ? best / most[our] : most[our] / best
      printf "| %s | %s (%s) | %s | %s (%s) | %.2f | %s | %s |\n", f[1], human(most[our]), f[3], name[f[4]], human(best), threads,
        ratio, goal == "" ? "" : "≥ " goal, goal == "" ? "" : (ratio >= goal + 0 ? "met" : "missed")
    }
  }' "$results"
