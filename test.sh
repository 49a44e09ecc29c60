#!/usr/bin/env bash
# Builds everything and runs every test. The last line is the total over all test projects;
# it is printed only when every project ran to its end.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
. eng/restore.sh

results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT

dotnet build "$solution" --configuration Release --no-restore --verbosity quiet

# The value of one attribute of the line <Counters total=".." executed=".." passed=".." failed=".." /> of a result file.
counter() {
  local value
  value=$(sed -n "s/.*<Counters [^>]*\b$2=\"\([0-9]*\)\".*/\1/p" "$1")
  [ -n "$value" ] || { echo "No counter '$2' in the results of $project." >&2; return 1; }
  echo "$value"
}

passed=0 failed=0 skipped=0
for project in $(dotnet sln "$solution" list | tr '\\' '/' | grep '^tests/.*\.Tests\.csproj$'); do
  name=$(basename "$project" .csproj)
  status=0
  dotnet test "$project" --configuration Release --no-build --results-directory "$results" \
    --logger "trx;LogFileName=$name.trx" || status=$?

  # A run that crashed has failed without a failed test, or left no counters at all.
  trx=$results/$name.trx
  [ -f "$trx" ] || { echo "$project: the test run left no results." >&2; exit 1; }
  total=$(counter "$trx" total)
  executed=$(counter "$trx" executed)
  ok=$(counter "$trx" passed)
  bad=$(counter "$trx" failed)
  if [ "$status" -ne 0 ] && [ "$bad" -eq 0 ]; then
    echo "$project: the test run broke off." >&2
    exit 1
  fi
  if [ "$total" -eq 0 ]; then
    echo "$project: no tests were found." >&2
    exit 1
  fi
  passed=$((passed + ok)) failed=$((failed + bad)) skipped=$((skipped + total - executed))
done

echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
