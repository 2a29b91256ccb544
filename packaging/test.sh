#!/usr/bin/env bash
# Every check of the project, one after the other: `test.sh lint` stops before the test runners.
# It goes on after a failed check, so one run tells all; the last lines are the counts; exit 1 if any failed.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
logs=build/test
rm -rf "$logs"
mkdir -p "$logs"
export NO_COLOR=1
failed=()

check() {  # NAME COMMAND…: runs it, keeps its output for the closing counts
  local name=$1 start=$SECONDS status
  shift
  printf '\n== %s\n' "$name"
  "$@" 2>&1 | tee "$logs/$name.log"
  status=${PIPESTATUS[0]}
  [ "$status" -eq 0 ] || failed+=("$name")
  printf -- '-- %s: %s, %d s\n' "$name" "$([ "$status" -eq 0 ] && echo ok || echo "FAILED ($status)")" $((SECONDS - start)) |
    tee -a "$logs/times"
}

# Real processes, sockets and screens on a machine that others share: what fails is run once more by itself, and named.
# A true failure fails again; a test that needed this is listed under "unsteady" and wants mending.
steady_pytest() {
  # Whole files go to a process each, since their tests share a simulator, a browser or a till.
  .venv/bin/python -m pytest -n auto --maxprocesses 4 --dist loadfile --durations=10 && return
  [ $? -eq 1 ] || return 1
  local count
  count=$(.venv/bin/python -m pytest --last-failed --last-failed-no-failures none --collect-only -q | grep -c '::')
  if [ "$count" -eq 0 ]; then
    # The processes did not agree on what there is to test: one process has nobody to disagree with.
    .venv/bin/python -m pytest --durations=10
    return
  fi
  [ "$count" -le 8 ] || return 1
  printf '\n== %d failed; once more, by themselves (unsteady if they pass now)\n' "$count"
  .venv/bin/python -m pytest --last-failed --last-failed-no-failures none -v
}

in_web() { (cd ui/web && npm run --silent "$@"); }

check ruff         .venv/bin/ruff check
check format       .venv/bin/ruff format --check
check mypy         .venv/bin/mypy
check lint-imports .venv/bin/lint-imports --cache-dir build/import-linter
check eslint       in_web lint
if [ "${1:-}" != lint ]; then
  check vitest     in_web test
  check pytest     steady_pytest
fi

printf '\n== closing\n'
cat "$logs/times"
[ ! -f "$logs/vitest.log" ] || sed -n 's/^ *\(Tests\|Test Files\)  */vitest: \1 /p' "$logs/vitest.log"
if [ ${#failed[@]} -gt 0 ]; then
  printf 'FAILED: %s\n' "${failed[*]}"
fi
# What needed a second run is told beside the count of the first one, which the closing line would hide.
[ ! -f "$logs/pytest.log" ] || sed -n 's/^=* \(.* passed.*\) =*$/pytest: \1/p; s/^\(tests.*\) PASSED.*/unsteady: \1/p' "$logs/pytest.log"
# Last of all pytest's own closing line, the one that is looked for.
[ ! -f "$logs/pytest.log" ] || tail -n 1 "$logs/pytest.log"
[ ${#failed[@]} -eq 0 ]
