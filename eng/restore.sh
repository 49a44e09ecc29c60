# Sourced by run.sh, test.sh and .ci/run. Restores the packages and sets
#   solution    BpTrainer.sln, or eng/Engine.slnf when the Microsoft.ML packages cannot be had
# Everything that is left out is left out for one reason only: every error of the restore is NU1101
# (no source knows the package) and names a package of Microsoft.ML or Microsoft.Extensions.ML. Any other failure ends the script.

export DOTNET_NOLOGO=1 DOTNET_CLI_UI_LANGUAGE=en

if ! command -v dotnet >/dev/null; then
  echo "The .NET 10 SDK is needed: https://dotnet.microsoft.com/download" >&2
  exit 1
fi

solution=BpTrainer.sln

explain_engine_only() {
  local packages
  packages=$(grep -o 'Unable to find package [^ ]*' <<<"$1" | sed 's/.* //; s/\.$//' | sort -u | paste -sd, - | sed 's/,/, /g')
  echo "== Engine only: no package source here knows $packages (NU1101)."
  echo "== Left out: src/BpTrainer.ML, examples/Compare, examples/Samples, examples/Search, examples/Serving, their tests and benchmarks. Built: the engine and its package, examples/Engine, examples/AutoEncoder, examples/Rules, their tests, the engine's tests and benchmarks."
}

if ! restore_output=$(dotnet restore "$solution" 2>&1); then
  restore_errors=$(grep -E '(^|: )error( |:)' <<<"$restore_output" || true)
  ours='error NU1101: Unable to find package Microsoft\.(Extensions\.)?ML(\.[A-Za-z]+)*\. '
  if [ -z "$restore_errors" ] || grep -qvE "$ours" <<<"$restore_errors"; then
    echo "$restore_output" >&2
    echo "dotnet restore failed." >&2
    exit 1
  fi
  explain_engine_only "$restore_output"
  solution=eng/Engine.slnf
  dotnet restore "$solution" --verbosity quiet
fi
