"""The LAN server: REST, WebSocket and dashboard behind one gate. Speaks to the engine's facade alone."""

from .lan import LanServer
from .network import LanNetwork
from .settings import Limits, ServerSettings

__all__ = ["LanNetwork", "LanServer", "Limits", "ServerSettings"]
