"""How the LAN server is set up: where it listens, its limits, its files. Values only."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from importlib.resources.abc import Traversable
from pathlib import Path

from ..domain.errors import BadInput


@dataclass(frozen=True, slots=True)
class Limits:
    """What one caller may take from the till. Seconds and bytes."""

    body_bytes: int = 64 * 1024
    head_bytes: int = 32 * 1024
    request_seconds: float = 30.0
    handshake_seconds: float = 10.0
    connections: int = 1_500
    requests_per_address: int = 6_000
    sign_ins_per_address: int = 120
    metrics_requests: int = 60
    window_seconds: int = 10
    socket_message_bytes: int = 16 * 1024
    socket_auth_seconds: float = 5.0
    socket_stall_seconds: float = 30.0
    # What a socket that was closed for being slow gets to read why.
    socket_linger_seconds: float = 30.0
    heartbeat_seconds: float = 15.0
    watch_seconds: float = 1.0


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """`port` 0 takes a free one. `host_names`: further names (also `name:port`) by which browsers reach the till."""

    data_dir: Path
    host: str = "127.0.0.1"
    port: int = 0
    tls: bool = True
    web_root: Traversable | Path | None = None
    host_names: tuple[str, ...] = ()
    limits: Limits = field(default_factory=Limits)
    # The shop's own certificate and its key as PEM files; None: the till's own authority makes one.
    certificate: tuple[Path, Path] | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.port <= 65_535:
            raise BadInput(f"{self.port} is no port: choose 1 to 65535, or 0 for a free one.")
        if not self.tls and not is_loopback(self.host):
            raise BadInput(
                f"Without TLS the server listens on this machine only: leave out --no-tls, or use --host 127.0.0.1 "
                f"instead of {self.host}."
            )


def is_loopback(host: str) -> bool:
    """Whether the address can be reached from this machine only."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
