"""The user guide's pictures, taken from the running program: its window on an X screen, its dashboard in Chromium.

pictures.py FOLDER. Presses keys as a person would; knows no part of the program but its commands, keys and words.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.e2e.chromium import LAPTOP, PHONE, Browser
from tests.e2e.program import books, fiscalmon, run, until
from tests.e2e.screen import Screen

PRODUCTS = """sku,barcode,name,hs_code,tax,price_USD,price_ZWG
MM10,6001234500014,Mealie meal 10 kg,11022000,3,6.20,167.40
OIL2,6001234500021,Cooking oil 2 l,15079000,3,3.85,103.95
SUG2,6001234500038,White sugar 2 kg,17019900,3,2.40,64.80
SOAP,6001234500045,Bath soap,34011100,3,0.95,25.65
BRD,6001234500052,Bread,19052000,2,1.00,27.00
"""
# What is drawn and slides into place needs a moment; a picture of nothing but the last frame is wanted.
SETTLING_SECONDS = 1.5
# Enough for text to stay sharp, and a fifth of the size.
COLOURS = 96
PAGES = (
    ("F3", "receipts"),
    ("F6", "waiting"),
    ("F8", "device"),
    ("ctrl+d", "doctor"),
    ("ctrl+h", "stuck"),
    ("ctrl+l", "log"),
    ("ctrl+comma", "settings"),
)


def small(file: Path) -> None:
    """Write a picture again with few colours."""
    with Image.open(file) as picture:
        picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(file, optimize=True)
    print(f"{file.name}: {file.stat().st_size // 1024} kB", flush=True)


def type_text(screen: Screen, text: str) -> None:
    """Text and Enter, as from a keyboard."""
    for command in (("type", "--delay", "60", text), ("key", "Return")):
        subprocess.run(["xdotool", *command], env=screen.env, check=True, timeout=30)


class Camera:
    """Pictures of one window on one screen."""

    def __init__(self, screen: Screen, window: str, folder: Path) -> None:
        self._screen, self._window, self._folder = screen, window, folder

    def shoot(self, name: str) -> None:
        """What the whole screen shows once it stands still."""
        time.sleep(SETTLING_SECONDS)
        small(self._screen.picture(self._folder / f"{name}.png"))

    def press(self, key: str) -> None:
        """A key to the window."""
        self._screen.press(self._window, key)

    def sheet(self, key: str, title: str, name: str, demo: Any) -> None:
        """A dialog that a key opens, closed again."""
        self.press(key)
        sheet = self._screen.window(title, demo)
        self.shoot(name)
        self._screen.press(sheet, "Escape")
        until(lambda: not self._screen.windows(title), f"{title} to be gone")


def first_run(screen: Screen, folder: Path) -> None:
    """The window on a machine that has nothing yet."""
    with (
        tempfile.TemporaryDirectory() as data,
        fiscalmon("--data-dir", data, "app", env=screen.env) as app,
    ):
        window = screen.window("fiscalmon", app)
        until(lambda: (Path(data) / "engine.json").exists(), "the engine")
        camera = Camera(screen, window, folder)
        time.sleep(SETTLING_SECONDS)
        camera.press("ctrl+i")
        camera.shoot("setup")


def till(screen: Screen, folder: Path) -> None:
    """The window over a shop at work, the dashboard of the same till, and one slip."""
    with (
        tempfile.TemporaryDirectory() as data,
        fiscalmon("--data-dir", data, "demo", "--json", "--rate", "3", env=screen.env) as demo,
    ):
        window = screen.window("fiscalmon", demo)
        ready = demo.line()
        products = Path(data) / "products.csv"
        products.write_text(PRODUCTS)
        run("--data-dir", data, "products", "import", products)
        until(lambda: len(books(data, "SELECT 1 FROM v_receipts")) > 60, "some sales", 60)
        camera = Camera(screen, window, folder)
        camera.shoot("till")
        camera.sheet("F1", "Keys", "keys", demo)
        camera.sheet("F7", "Fiscal day", "day", demo)
        camera.press("F2")
        time.sleep(SETTLING_SECONDS)
        for code in ("6001234500014", "6001234500021", "6001234500052"):
            type_text(screen, code)
            time.sleep(0.4)
        camera.shoot("sale")
        for key, name in PAGES:
            # Some keys mean something else to a text field.
            camera.press("Escape")
            camera.press(key)
            camera.shoot(name)
        camera.press("Escape")
        camera.press("F11")
        camera.shoot("till-dark")
        (latest,) = books(
            data, "SELECT receiptId FROM v_receipts WHERE receiptCurrency = 'USD' ORDER BY receiptDate DESC LIMIT 1"
        )
        run("--data-dir", data, "receipts", "print", latest["receiptId"], "--preview", folder / "slip.png")
        small(folder / "slip.png")
        dashboard(ready, folder)


def dashboard(ready: dict[str, Any], folder: Path) -> None:
    """The page on an office computer and on a phone."""
    with Browser() as browser:
        for size, name in ((LAPTOP, "dashboard"), (PHONE, "dashboard-phone")):
            page = browser.page(size, still=True)
            page.goto(ready["url"])
            page.wait("document.querySelector('h1')?.textContent === 'Sign in'")
            page.fill("User name", ready["username"])
            page.fill("Password", ready["password"])
            page.click("Sign in")
            page.wait("document.querySelector('.page')?.dataset.link === 'live'")
            time.sleep(2 * SETTLING_SECONDS)
            page.shoot(folder / f"{name}.png")
            small(folder / f"{name}.png")
            page.close()


def main() -> int:
    folder = Path(sys.argv[1]).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    with Screen(1280, 800) as screen:
        till(screen, folder)
        first_run(screen, folder)
    whole = sum(file.stat().st_size for file in folder.glob("*.png"))
    print(f"{folder.name}: {whole // 1024} kB altogether")
    return 0


if __name__ == "__main__":
    sys.exit(main())
