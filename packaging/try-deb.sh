#!/usr/bin/env bash
# The .deb on a bare Debian 12 that has neither Python nor Node: installed, the whole demo headless and with its window on
# Xvfb, removed again. Needs root and debootstrap; what it makes lies in build/try/ (the bare root is kept for next time).
#   packaging/try-deb.sh [FILE.deb]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
[ "$(id -u)" -eq 0 ] || { echo "try-deb: this makes a root file system: run it as root" >&2; exit 1; }
command -v debootstrap >/dev/null || { echo "try-deb: apt-get install debootstrap" >&2; exit 1; }
# Mounts of our own that end with us.
[ -n "${TRY_DEB_UNSHARED:-}" ] || exec env TRY_DEB_UNSHARED=1 unshare --mount --pid --fork "$0" "$@"

deb=${1:-$(ls -t dist/fiscalmon_*.deb | head -n 1)}
base=build/try/base root=build/try/root out=build/try
mkdir -p build/try
if [ ! -e $base/.complete ]; then
  rm -rf $base
  debootstrap --variant=minbase bookworm $base >build/try/debootstrap.log
  touch $base/.complete
fi
rm -rf $root
cp -a $base $root
cp "$deb" $root/opt/fiscalmon.deb
cp -L /etc/resolv.conf $root/etc/resolv.conf
{ gzip -dc resources/demo/baskets.jsonl.gz || true; } 2>/dev/null | head -n 60 >$root/opt/few.jsonl
mount -t proc proc $root/proc
mount --rbind /dev $root/dev
mount -t tmpfs tmpfs $root/dev/shm

inside() { chroot $root /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive "$@"; }
as_cashier() { inside setpriv --reuid=cashier --regid=cashier --clear-groups env HOME=/opt/cashier "$@"; }

echo "== install"
inside apt-get -q update >$out/apt.log
inside apt-get -q install -y /opt/fiscalmon.deb >>$out/apt.log 2>&1
inside useradd --home-dir /opt/cashier --create-home cashier
for tool in python3 python node npm; do
  ! inside sh -c "command -v $tool" || { echo "try-deb: $tool is there; this root is not bare" >&2; exit 1; }
done
as_cashier fiscalmon --version
inside test -f /usr/share/man/man1/fiscalmon.1.gz || echo "(man pages are left out by this root)"
inside test -f /usr/lib/systemd/user/fiscalmon.service

echo "== headless"
as_cashier fiscalmon --data-dir /opt/cashier/headless demo --headless --exit-when-done --json --rate 0 \
  --sales /opt/few.jsonl >$out/headless.jsonl
tail -n 1 $out/headless.jsonl | grep -o '"sales":.*"audit":\[\]'
as_cashier fiscalmon --data-dir /opt/cashier/headless doctor >$out/doctor.txt || true
grep -E '^\S+ +(DATABASE|CHAIN|KEYS|DISK)' $out/doctor.txt

echo "== window"
# A display is no part of the till: it comes after the package has shown what it needs by itself.
inside apt-get -q install -y --no-install-recommends xvfb >>$out/apt.log 2>&1
mkdir -p $root/opt/screen
inside Xvfb :77 -screen 0 1366x768x24 -nolisten tcp -fbdir /opt/screen >$out/xvfb.log 2>&1 &
screen=$!
for _ in $(seq 100); do [ -S $root/tmp/.X11-unix/X77 ] && break; sleep 0.1; done
as_cashier env DISPLAY=:77 fiscalmon --data-dir /opt/cashier/window demo --exit-when-done --json --rate 4 \
  --sales /opt/few.jsonl >$out/window.jsonl 2>$out/window.err &
demo=$!
# The picture is taken while sales flow; 60 of them at 4 a second take 15 s.
sleep 12
cp $root/opt/screen/Xvfb_screen0 $out/window.xwd
wait $demo
tail -n 1 $out/window.jsonl | grep -o '"sales":.*"audit":\[\]'
kill $screen
if command -v convert >/dev/null; then
  convert xwd:$out/window.xwd $out/window.png
  colours=$(identify -format %k $out/window.png)
  echo "window: $out/window.png, $colours colours"
  [ "$colours" -gt 200 ] || { echo "try-deb: the window stayed empty" >&2; exit 1; }
fi

echo "== remove"
inside apt-get -q remove -y fiscalmon >>$out/apt.log 2>&1
if inside test -e /usr/lib/fiscalmon -o -L /usr/bin/fiscalmon; then echo "try-deb: files were left behind" >&2; exit 1; fi
inside test -d /opt/cashier/headless
echo "try-deb: ok"
