"""The LAN server: REST, WebSocket and dashboard behind one gate. Speaks to the engine's facade alone.

The server itself is in `lan`; it is loaded when the door opens.
"""

from .network import LanNetwork
from .settings import Limits, ServerSettings

__all__ = ["LanNetwork", "Limits", "ServerSettings"]
