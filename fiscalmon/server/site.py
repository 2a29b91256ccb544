"""The files that anybody may read, held in memory under their exact path: dashboard, API pages, the till's CA.

They are read once, at start. No path of a URL ever reaches the file system, so there is nothing to traverse.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Final

from starlette.responses import Response

from .answers import Problem
from .visit import Visit

# The system's own table is not asked: on some Windows machines it calls scripts plain text.
_TYPES: Final = (
    (".html", "text/html; charset=utf-8"),
    (".js", "text/javascript; charset=utf-8"),
    (".mjs", "text/javascript; charset=utf-8"),
    (".css", "text/css; charset=utf-8"),
    (".json", "application/json"),
    (".webmanifest", "application/manifest+json"),
    (".svg", "image/svg+xml"),
    (".png", "image/png"),
    (".ico", "image/x-icon"),
    (".webp", "image/webp"),
    (".woff2", "font/woff2"),
    (".txt", "text/plain; charset=utf-8"),
    (".pem", "application/x-pem-file"),
    # What phones and Windows take as a certificate to install.
    (".crt", "application/x-x509-ca-cert"),
)
_SQUEEZED: Final = ("text/", "application/json", "application/manifest", "image/svg")
_NOT_BUILT: Final = b"""<!doctype html><html lang="en"><meta charset="utf-8"><title>fiscalmon</title>
<h1>The dashboard is not built</h1>
<p>The till itself works. On the till run <code>make setup</code>, then start fiscalmon again.</p></html>
"""


@dataclass(frozen=True, slots=True)
class SiteFile:
    """One file as it is sent."""

    content: bytes
    media_type: str
    etag: str
    squeezed: bytes | None
    lasting: bool
    status: int = 200


class Site:
    """The manifest: exact path to file."""

    def __init__(self, files: dict[str, SiteFile]) -> None:
        self._files = files

    def answer(self, visit: Visit) -> Response | None:
        """The file's answer, None when the path names none. Raises Problem 405 for anything but GET and HEAD."""
        file = self._files.get(visit.path)
        if file is None or visit.is_socket:
            return None
        if visit.changes:
            raise Problem(405, "WRONG_METHOD", "This can only be read.", headers={"allow": "GET, HEAD"})
        return _answer(file, visit)

    def paths(self) -> Iterator[str]:
        """All paths."""
        yield from self._files


def dashboard(root: Traversable | Path | None) -> dict[str, SiteFile]:
    """The built dashboard under `root`; where there is none, a page that says how to build it."""
    found = {} if root is None or not root.is_dir() else dict(_read(root, "/"))
    start = found.pop("/index.html", None)
    if start is None:
        return {"/": site_file("/.html", _NOT_BUILT, status=503)}
    # The screen on the wall is the same page under another name.
    return {**found, "/": start, "/index.html": start, "/tv": start}


def site_file(path: str, content: bytes, *, status: int = 200) -> SiteFile:
    """A file to be sent under that path."""
    media_type = next((media for ending, media in _TYPES if path.endswith(ending)), "application/octet-stream")
    squeezed = gzip.compress(content, 9, mtime=0) if media_type.startswith(_SQUEEZED) and len(content) > 1_000 else None
    return SiteFile(
        content=content,
        media_type=media_type,
        etag=hashlib.sha256(content).hexdigest()[:32],
        squeezed=squeezed if squeezed is not None and len(squeezed) < len(content) else None,
        # Vite puts the content's hash into these names.
        lasting=path.startswith("/assets/"),
        status=status,
    )


def _read(folder: Traversable | Path, prefix: str) -> Iterator[tuple[str, SiteFile]]:
    for part in folder.iterdir():
        if part.name.startswith("."):
            continue
        if part.is_dir():
            yield from _read(part, f"{prefix}{part.name}/")
        else:
            path = prefix + part.name
            yield path, site_file(path, part.read_bytes())


def _answer(file: SiteFile, visit: Visit) -> Response:
    squeeze = file.squeezed is not None and "gzip" in (visit.header("accept-encoding") or "")
    etag = f'"{file.etag}-gz"' if squeeze else f'"{file.etag}"'
    headers = {
        "etag": etag,
        "cache-control": "public, max-age=31536000, immutable" if file.lasting else "no-cache",
    }
    if file.squeezed is not None:
        headers["vary"] = "accept-encoding"
    if etag in [tag.strip().removeprefix("W/") for tag in (visit.header("if-none-match") or "").split(",")]:
        return Response(None, 304, headers)
    if squeeze:
        headers["content-encoding"] = "gzip"
    content = file.squeezed if squeeze and file.squeezed is not None else file.content
    return Response(content, file.status, headers, file.media_type)
