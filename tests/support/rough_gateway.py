"""A small real TLS server in a thread that answers as told, or misbehaves: the other side of the contract tests.

Each answer is a function of an open connection; the server knows no FDMS rule and nothing of the program.
"""

import contextlib
import json
import socket
import ssl
import struct
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from email.utils import formatdate
from pathlib import Path
from typing import Any


@dataclass
class Seen:
    """A request as it arrived."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    client: str | None
    connection: int


@dataclass
class Call:
    """A connection on which a request has been, or is about to be, read."""

    stream: ssl.SSLSocket
    seen: Seen | None = None
    held: threading.Event = field(default_factory=threading.Event)

    def reset(self) -> None:
        """RST instead of FIN."""
        self.stream.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.stream.close()


Act = Callable[[Call], bool]


def answer(body: Any, status: int = 200, /, **headers: str) -> Act:
    """A whole answer; `body` is bytes, or JSON to be. Header names come with underscores."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()

    def act(call: Call) -> bool:
        call.stream.sendall(_head(status, {"Content-Length": str(len(content)), **_named(headers)}) + content)
        return True

    return act


def problem(status: int, /, title: str = "Unprocessable Entity", **members: Any) -> Act:
    """A refusal in FDMS's form (§5.1)."""
    body = {"type": f"https://httpstatuses.io/{status}", "title": title, "status": status, **members}
    return answer({"operationID": "0HNHM698NJVMT:00000001", **body}, status, Content_Type="application/problem+json")


def cut(call: Call) -> bool:
    """Half an answer, then the end of the connection."""
    call.stream.sendall(_head(200, {"Content-Length": "500"}) + b'{"receiptID": 1')
    return False


def cut_without_length(call: Call) -> bool:
    """Half an answer whose end is the end of the connection: nothing in HTTP says that it is cut."""
    call.stream.sendall(_head(200, {"Connection": "close"}) + b'{"receiptID": 1')
    return False


def no_http(call: Call) -> bool:
    call.stream.sendall(b"SSH-2.0-OpenSSH_9.2\r\n\r\n" * 20)
    return False


def hang_up(call: Call) -> bool:
    """Reads the request and closes politely without a word."""
    return False


def reset(call: Call) -> bool:
    """Reads the request and resets the connection."""
    call.reset()
    return False


def silent(call: Call) -> bool:
    """Reads the request and says nothing until the server ends."""
    call.held.wait(30)
    return False


def trickle(call: Call) -> bool:
    """One byte at a time, each well within the time-out, without end."""
    call.stream.sendall(_head(200, {"Content-Length": "1000000"}))
    with contextlib.suppress(OSError):
        while not call.held.wait(0.05):
            call.stream.sendall(b" ")
    return False


def flood(call: Call) -> bool:
    """An answer much larger than anything FDMS says."""
    with contextlib.suppress(OSError):
        call.stream.sendall(_head(200, {"Content-Length": str(64 * 1024 * 1024)}))
        for _ in range(64):
            call.stream.sendall(b" " * 1024 * 1024)
    return False


class RoughGateway:
    """Listens from construction on. `act` is what it does next, and goes on doing.

    `trusted`: PEM of the authority whose client certificates are required, None asks for none.
    `before`: what happens to a connection before its first request is read: "greet", "reset", "silent" (no TLS) or
    "deaf" (shakes hands, sets `deaf` and reads nothing).
    """

    def __init__(self, identity: bytes, trusted: str | None, *, before: str = "greet") -> None:
        self.act: Act = answer({})
        self.seen: list[Seen] = []
        self.before = before
        self.deaf = threading.Event()
        self.asked = threading.Event()
        self._held = threading.Event()
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "server.pem"
            file.write_bytes(identity)
            self.context.load_cert_chain(file)
        if trusted is not None:
            self.context.verify_mode = ssl.CERT_REQUIRED
            self.context.load_verify_locations(cadata=trusted)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._connections = 0
        self._streams: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.port}"

    def hang_up_all(self) -> None:
        """Close every connection there is, as a server does with idle ones."""
        for stream in self._streams:
            with contextlib.suppress(OSError):
                stream.shutdown(socket.SHUT_RDWR)

    def end(self) -> None:
        self._held.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.hang_up_all()
        for thread in self._threads:
            thread.join(5)

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection.settimeout(30)
            self._connections += 1
            thread = threading.Thread(target=self._serve, args=(connection, self._connections), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket, number: int) -> None:
        if self.before == "silent":
            self._streams.append(connection)
            self._held.wait(30)
            connection.close()
            return
        try:
            stream = self.context.wrap_socket(connection, server_side=True)
        except OSError:
            connection.close()
            return
        self._streams.append(stream)
        with contextlib.suppress(OSError), stream:
            call = Call(stream, held=self._held)
            if self.before == "reset":
                call.reset()
                return
            if self.before == "deaf":
                self.deaf.set()
                self._held.wait(30)
                return
            reader = stream.makefile("rb")
            while (seen := _read(reader, stream, number)) is not None:
                self.seen.append(seen)
                self.asked.set()
                call.seen = seen
                if not self.act(call):
                    return


def _read(reader, stream: ssl.SSLSocket, number: int) -> Seen | None:
    first = reader.readline().decode().split()
    if len(first) != 3:
        return None
    headers = {}
    while line := reader.readline().decode().strip():
        name, _, value = line.partition(":")
        headers[name] = value.strip()
    body = reader.read(int(headers.get("Content-Length", 0)))
    subject = dict(part[0] for part in (stream.getpeercert() or {}).get("subject", ()))
    return Seen(first[0], first[1], headers, body, subject.get("commonName"), number)


def _head(status: int, headers: dict[str, str]) -> bytes:
    given = {"Date": formatdate(usegmt=True), "Content-Type": "application/json", **headers}
    lines = [f"HTTP/1.1 {status} Whatever", *(f"{name}: {value}" for name, value in given.items() if value)]
    return "\r\n".join([*lines, "", ""]).encode()


def _named(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}
