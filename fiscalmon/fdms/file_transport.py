"""How a file travels to FDMS: the sources disagree (Gateway v7.2 §17, §25), so it is a choice.

Knows bodies and content types; knows nothing of what is in the file.
"""

from __future__ import annotations

import base64
import secrets
from typing import Literal, NamedTuple

FileTransport = Literal["text", "base64", "multipart"]


class Package(NamedTuple):
    """A request's body with its content type."""

    kind: bytes
    content: bytes


def pack(file: bytes, transport: FileTransport) -> Package:
    """text: the JSON as it is (OpenAPI); base64: the JSON in base64; multipart: base64 in a part (the document)."""
    if transport == "text":
        return Package(b"text/plain", file)
    if transport == "base64":
        return Package(b"text/plain", base64.b64encode(file))
    boundary = b"fiscalmon-" + secrets.token_hex(16).encode()
    part = (
        b"--" + boundary + b'\r\nContent-Disposition: form-data; name="file"; filename="receipts.json"\r\n'
        b"Content-Type: text/plain\r\n\r\n" + base64.b64encode(file) + b"\r\n--" + boundary + b"--\r\n"
    )
    return Package(b"multipart/form-data; boundary=" + boundary, part)
