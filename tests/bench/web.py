"""`web_first`: what a browser must fetch before the dashboard's first paint, gzipped, beside React alone."""

from __future__ import annotations

import gzip
import json
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from .line import Line, single
from .shop import BUILD

ROOT = BUILD.parent
BUNDLE = ROOT / "resources" / "web"
MOST_FIRST, MOST_CHARTS = 85.0, 70.0
# React and ReactDOM as our own bundler packs them, and nothing else.
_FLOOR = """
const { createRequire } = require("node:module");
const [sources, folder] = process.argv.slice(1);
const find = createRequire(sources + "/package.json");
const react = (name) => find.resolve(name + "/package.json").replace(/package\\.json$/, "");
import(find.resolve("vite")).then(({ build }) => build({
  root: folder, configFile: false, logLevel: "error",
  resolve: { alias: { "react-dom": react("react-dom"), react: react("react") } },
  build: { rollupOptions: { input: folder + "/floor.js" } },
}));
"""


def web_first() -> Iterator[Line]:
    chunks = json.loads((BUNDLE / ".vite" / "manifest.json").read_text())
    entry = next(name for name, chunk in chunks.items() if chunk.get("isEntry"))
    first = _files(chunks, _needed(chunks, [entry]))
    charts = {name for name in chunks if "chart" in chunks[name]["file"].lower()} - _needed(chunks, [entry])
    floor = _react_kb()
    value = _gzip_kb(first)
    # What index.html asks for paints the frame. A signed-out browser then fetches the login, shown here beside it.
    login = _files(chunks, [name for name in chunks if "login" in name.lower()]) - first
    more = {"files": sorted(path.name for path in first), "login_kb": round(_gzip_kb(login), 2)}
    yield single("web_first", "kB", value, floor, MOST_FIRST / floor, "lower", most_kb=MOST_FIRST, **more)
    lazy = _files(chunks, _needed(chunks, charts)) - first
    value = _gzip_kb(lazy)
    more = {"files": sorted(path.name for path in lazy)}
    yield single("web_first_charts", "kB", value, floor, MOST_CHARTS / floor, "lower", most_kb=MOST_CHARTS, **more)


def _needed(chunks: dict[str, dict], names: Iterable[str]) -> set[str]:
    """Chunks with all that they import statically."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += chunks[name].get("imports", [])
    return found


def _files(chunks: dict[str, dict], names: Iterable[str]) -> set[Path]:
    return {BUNDLE / file for name in names for file in (chunks[name]["file"], *chunks[name].get("css", []))}


def _gzip_kb(files: Iterable[Path]) -> float:
    return sum(len(gzip.compress(file.read_bytes(), 9)) for file in files) / 1000


def _react_kb() -> float:
    with tempfile.TemporaryDirectory(prefix="bench-", dir=BUILD) as name:
        folder = Path(name)
        (folder / "floor.js").write_text(
            'import { createElement } from "react"; import { createRoot } from "react-dom/client";\n'
            'createRoot(document.body).render(createElement("p"));\n'
        )
        sources = str(ROOT / "ui" / "web")
        subprocess.run(["node", "-e", _FLOOR, sources, str(folder)], check=True, cwd=sources, stdout=subprocess.DEVNULL)
        return _gzip_kb((folder / "dist").rglob("*.js"))
