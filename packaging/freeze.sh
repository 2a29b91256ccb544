#!/usr/bin/env bash
# dist/fiscalmon/: the whole program as one folder, without Python and Node. `make freeze` calls it after set-up.
# In a venv of its own: what a developer's .venv holds besides must not get in.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
PYTHON=${PYTHON:-python3}
venv=build/freeze/venv
want=$(sha256sum requirements/freeze.txt | cut -d' ' -f1)
if [ "$(cat $venv/fiscalmon.stamp 2>/dev/null)" != "$want" ]; then
  echo "freeze: installing requirements/freeze.txt (hashes checked)"
  "$PYTHON" -m venv --clear $venv
  $venv/bin/python -m pip --disable-pip-version-check install --quiet --require-hashes -r requirements/freeze.txt
  printf '%s\n' "$want" >$venv/fiscalmon.stamp
fi
QT_QPA_PLATFORM=offscreen $venv/bin/python packaging/icons.py build/freeze/icons
rm -rf dist/fiscalmon
$venv/bin/python -m PyInstaller --noconfirm --log-level WARN \
  --workpath build/freeze/work --distpath dist fiscalmon.spec
# A Python built with debugging information carries 17 MB of it; of everything else strip breaks some.
if command -v strip >/dev/null; then
  strip --strip-debug dist/fiscalmon/_internal/libpython3.*.so.* 2>/dev/null || true
fi
dist/fiscalmon/fiscalmon --version
du -sm dist/fiscalmon | awk '{ print "freeze: " $2 ", " $1 " MB" }'
