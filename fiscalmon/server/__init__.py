"""The LAN server: REST, WebSocket, web files; knows services only."""
