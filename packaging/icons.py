"""The program's picture in the sizes that desktops ask for, drawn from its SVG: PNGs, and an .ico of them.

icons.py FOLDER. Knows nothing of the program.
"""

import struct
import sys
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

SOURCE = Path(__file__).resolve().parent.parent / "resources" / "icons" / "fiscalmon.svg"
SIZES = (16, 24, 32, 48, 64, 128, 256)


def drawn(renderer: QSvgRenderer, size: int) -> bytes:
    """The picture as PNG, size × size pixels."""
    image = QImage(size, size, QImage.Format.Format_ARGB32)
    image.fill(0)
    painter = QPainter(image)
    renderer.render(painter)
    painter.end()
    held = QByteArray()
    buffer = QBuffer(held)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return bytes(held.data())


def ico(pictures: dict[int, bytes]) -> bytes:
    """Windows' container of PNGs: a header, an entry each (0 means 256), then the pictures."""
    at = 6 + 16 * len(pictures)
    entries = b""
    for size, png in pictures.items():
        side = size % 256
        entries += struct.pack("<BBBBHHII", side, side, 0, 0, 1, 32, len(png), at)
        at += len(png)
    return struct.pack("<HHH", 0, 1, len(pictures)) + entries + b"".join(pictures.values())


def main() -> int:
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    app = QGuiApplication([])
    renderer = QSvgRenderer(str(SOURCE))
    if not renderer.isValid():
        print(f"icons: {SOURCE} is no picture", file=sys.stderr)
        return 1
    pictures = {size: drawn(renderer, size) for size in SIZES}
    for size, png in pictures.items():
        (folder / f"fiscalmon-{size}.png").write_bytes(png)
    (folder / "fiscalmon.ico").write_bytes(ico(pictures))
    del app
    return 0


if __name__ == "__main__":
    sys.exit(main())
