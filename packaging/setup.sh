#!/usr/bin/env bash
# Makes a clean checkout runnable: system libraries, .venv, web packages, the built dashboard.
# Every step looks first and does nothing when it is already done, so `make run` may call it each time.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
mkdir -p build

say()  { printf 'setup: %s\n' "$*"; }
stop() { printf 'setup: %s\n' "$@" >&2; exit 1; }

# A `make run` beside a `make test` must not install into the same .venv at once.
if command -v flock >/dev/null; then
  exec 9>build/setup.lock
  flock 9
fi

PYTHON=${PYTHON:-python3}

# ---- 1. What must be there before us ---------------------------------------------------------------
require_tools() {
  command -v "$PYTHON" >/dev/null || stop "Python 3.11 or later is needed (Debian: apt-get install python3 python3-venv)."
  "$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
    stop "Python 3.11 or later is needed; $PYTHON is $("$PYTHON" -V 2>&1). Name another one: make setup PYTHON=/path/to/python3.11"
  command -v node >/dev/null && command -v npm >/dev/null || stop "Node.js 20 or later with npm is needed."
  [ "$(node -p 'process.versions.node.split(".")[0]')" -ge 20 ] || stop "Node.js 20 or later is needed; node is $(node -v)."
}

# ---- 2. System packages ----------------------------------------------------------------------------
SYSTEM_PACKAGES=(
  # Qt: without them its import fails
  libegl1 libgl1 libglib2.0-0 libfontconfig1 libxkbcommon0 libdbus-1-3 fonts-dejavu-core
  # Qt's window on X11
  libxkbcommon-x11-0 libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-shape0 libxcb-xkb1 libxcb-randr0
  # the tests' display, window manager, keyboard and screenshots
  xvfb xauth openbox trayer xdotool imagemagick x11-utils
  # the tests' token and keyring
  softhsm2 gnome-keyring dbus
  # the tests' browser
  chromium fonts-liberation
)

missing_packages() {
  # Later releases renamed some libraries to NAMEt64; either name will do.
  local installed name
  installed=$(dpkg-query -W -f='${db:Status-Status} ${Package}\n' \
                "${SYSTEM_PACKAGES[@]}" "${SYSTEM_PACKAGES[@]/%/t64}" 2>/dev/null | sed -n 's/^installed //p') || true
  for name in "${SYSTEM_PACKAGES[@]}"; do
    grep -qxE "$name(t64)?" <<<"$installed" || printf '%s\n' "$name"
  done
  # Debian ships Python without the part that fills a venv.
  "$PYTHON" -c 'import ensurepip' 2>/dev/null || printf 'python3-venv\n'
}

system_packages() {
  if [ -n "${SKIP_SYSTEM_PACKAGES:-}" ]; then
    return
  fi
  if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
    if [ ! -e build/system-told ]; then
      say "this is no Debian; see to it that these libraries and programs are there (Debian's names):"
      say "  ${SYSTEM_PACKAGES[*]}"
      touch build/system-told
    fi
    return
  fi
  local missing as_root=()
  mapfile -t missing < <(missing_packages)
  [ ${#missing[@]} -gt 0 ] || return 0
  if [ "$(id -u)" -ne 0 ]; then
    # Without a terminal sudo cannot ask for a password, so it must not try.
    if [ -t 0 ]; then as_root=(sudo); else as_root=(sudo -n); fi
    command -v sudo >/dev/null && "${as_root[@]}" true 2>/dev/null ||
      stop "these system packages are missing, and there is neither root nor sudo here to install them." \
           "Have an administrator run:  apt-get install --no-install-recommends ${missing[*]}" \
           "then call make again. To go on without them (no window, some tests fail): make setup SKIP_SYSTEM_PACKAGES=1"
  fi
  say "installing system packages: ${missing[*]}"
  local apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300)
  "${apt[@]}" update || say "apt-get update reported errors; trying with the lists that are there."
  "${apt[@]}" install -y --no-install-recommends "${missing[@]}"
}

# ---- 3. Python -------------------------------------------------------------------------------------
digest() { sha256sum | cut -d' ' -f1; }

python_packages() {
  # The stamp lies in .venv so that it goes when .venv goes; it names the folder because scripts in bin/ do.
  local want stamp=.venv/fiscalmon.stamp
  want=$({ pwd; cat requirements/dev.txt pyproject.toml; } | digest)
  if [ -x .venv/bin/fiscalmon ] && [ "$(cat $stamp 2>/dev/null)" = "$want" ]; then
    return
  fi
  if ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
    say "making .venv with $("$PYTHON" -V)"
    "$PYTHON" -m venv --clear .venv
  fi
  say "installing Python packages (requirements/dev.txt, hashes checked)"
  local pip=(.venv/bin/python -m pip --disable-pip-version-check install --quiet)
  "${pip[@]}" --require-hashes -r requirements/dev.txt
  "${pip[@]}" --no-deps --no-build-isolation -e .
  printf '%s\n' "$want" >$stamp
}

# ---- 4. The dashboard ------------------------------------------------------------------------------
web_packages() {
  local want stamp=ui/web/node_modules/.fiscalmon.stamp
  want=$(cat ui/web/package.json ui/web/package-lock.json ui/web/.npmrc <(node -v) | digest)
  [ "$(cat $stamp 2>/dev/null)" = "$want" ] && return
  say "installing web packages (npm ci)"
  (cd ui/web && npm ci --no-audit --no-fund)
  printf '%s\n' "$want" >$stamp
}

web_build() {
  local want stamp=build/web.stamp
  want=$(find ui/web resources -type f -not -path '*/node_modules/*' -not -path 'resources/web/*' \
              -not -name '*.py' -not -name '*.pyc' -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | digest)
  if [ -f resources/web/index.html ] && [ "$(cat $stamp 2>/dev/null)" = "$want" ]; then
    return
  fi
  say "building the dashboard (npm run build)"
  (cd ui/web && npm run --silent build)
  printf '%s\n' "$want" >$stamp
}

require_tools
system_packages
python_packages
web_packages
web_build
