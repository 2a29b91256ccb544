#!/usr/bin/env bash
# dist/fiscalmon_VERSION_ARCH.deb from dist/fiscalmon/: the program under /usr/lib/fiscalmon, its command, menu entry,
# icons, man page, udev rule and user unit. `make deb` calls it after the freeze. DEB_LEVEL=9: smaller, takes minutes.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
[ -x dist/fiscalmon/fiscalmon ] || { echo "deb: there is no dist/fiscalmon: make freeze" >&2; exit 1; }
version=$(dist/fiscalmon/fiscalmon --version | cut -d' ' -f2)
arch=$(dpkg --print-architecture)
root=build/deb
icons=build/freeze/icons
rm -rf $root
put() { install -D -m "$1" "$2" "$root/$3"; }

mkdir -p $root/usr/lib $root/usr/bin $root/DEBIAN
cp -a dist/fiscalmon $root/usr/lib/fiscalmon
find $root/usr/lib -type d -exec chmod 755 {} +
find $root/usr/lib -type f -exec chmod 644 {} +
chmod 755 $root/usr/lib/fiscalmon/fiscalmon
ln -s ../lib/fiscalmon/fiscalmon $root/usr/bin/fiscalmon
put 644 packaging/linux/fiscalmon.desktop usr/share/applications/fiscalmon.desktop
put 644 packaging/linux/fiscalmon.metainfo.xml usr/share/metainfo/zw.fiscalmon.fiscalmon.metainfo.xml
put 644 packaging/linux/fiscalmon.service usr/lib/systemd/user/fiscalmon.service
put 644 packaging/linux/70-fiscalmon-printers.rules usr/lib/udev/rules.d/70-fiscalmon-printers.rules
put 644 packaging/linux/lintian-overrides usr/share/lintian/overrides/fiscalmon
put 644 resources/icons/fiscalmon.svg usr/share/icons/hicolor/scalable/apps/fiscalmon.svg
for size in 16 24 32 48 64 128 256; do
  put 644 $icons/fiscalmon-$size.png usr/share/icons/hicolor/${size}x$size/apps/fiscalmon.png
done
put 644 packaging/linux/copyright usr/share/doc/fiscalmon/copyright
put 644 docs/operations.md usr/share/doc/fiscalmon/operations.md
mkdir -p $root/usr/share/man/man1
build/freeze/venv/bin/python packaging/man_page.py | gzip -9n >$root/usr/share/man/man1/fiscalmon.1.gz
gzip -9n <CHANGELOG.md >$root/usr/share/doc/fiscalmon/CHANGELOG.md.gz
maintainer=${DEB_MAINTAINER:-fiscalmon <support@fiscalmon.invalid>}
printf 'fiscalmon (%s) unstable; urgency=medium\n\n  * What changed: CHANGELOG.md.gz in this folder.\n\n -- %s  %s\n' \
  "$version" "$maintainer" "$(date -R -r CHANGELOG.md)" | gzip -9n >$root/usr/share/doc/fiscalmon/changelog.gz
install -m 755 packaging/linux/postinst $root/DEBIAN/postinst

# What was linked here needs at least this machine's C library.
libc=$(dpkg-query -W -f='${source:Upstream-Version}' libc6)
cat >$root/DEBIAN/control <<CONTROL
Package: fiscalmon
Version: $version
Architecture: $arch
Maintainer: $maintainer
Section: misc
Priority: optional
Installed-Size: $(du -sk $root/usr | cut -f1)
Depends: libc6 (>= ${libc%%-*}), libgcc-s1, libstdc++6, libegl1, libgl1, fontconfig-config, libx11-data, xkb-data
Recommends: fonts-dejavu-core
Description: fiscal till for Zimbabwe
 Takes sales from any point of sale, checks them against every rule of
 ZIMRA's FDMS, and numbers, signs and records each one on the spot, with or
 without a link. Sends the receipts to FDMS in order, opens and closes the
 fiscal day, prints slips, and shows it live in a window and in browsers of
 the shop.
 .
 Brings its own Python and Qt; nothing is fetched when it runs.
CONTROL
(cd $root && find usr -type f -exec md5sum {} +) >$root/DEBIAN/md5sums
chmod 644 $root/DEBIAN/control $root/DEBIAN/md5sums
target=dist/fiscalmon_${version}_$arch.deb
dpkg-deb --root-owner-group -Z"${DEB_COMPRESSION:-xz}" -z"${DEB_LEVEL:-1}" --build $root "$target" >/dev/null
rm -rf $root
echo "deb: $target, $(du -m "$target" | cut -f1) MB"
if command -v lintian >/dev/null; then
  lintian --fail-on error,warning --allow-root "$target"
fi
