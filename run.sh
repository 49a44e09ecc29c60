#!/usr/bin/env bash
# Compares our trainer with those of ML.NET (examples/Compare); all arguments go to the program.
# Where the Microsoft.ML packages cannot be restored it runs examples/Engine instead.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
. eng/restore.sh

example=examples/Compare
if [ "$solution" != BpTrainer.sln ]; then
  example=examples/Engine
  [ $# -eq 0 ] || { echo "These arguments belong to examples/Compare, which needs Microsoft.ML: $*" >&2; exit 1; }
fi

dotnet build "$example" --configuration Release --no-restore --verbosity quiet
exec dotnet run --project "$example" --configuration Release --no-build -- "$@"
