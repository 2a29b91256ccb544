"""Writing a device's certificates inside a write transaction: the next one, the exchange, and what is left of it."""

from __future__ import annotations

from .session import Session


class CertificateRows:
    """The certificates' side of a write transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def expect(self, device_id: int, certificate_pem: str, at: str) -> None:
        """FDMS has issued a certificate that is still to be proven; it takes the place of an earlier one."""
        self.drop(device_id)
        self._session.run(
            "INSERT INTO device_certificates (device_id, certificate_pem, state, at) VALUES (?, ?, 'next', ?)",
            (device_id, certificate_pem, at),
        )

    def drop(self, device_id: int) -> None:
        """The next certificate does not work."""
        self._session.run("DELETE FROM device_certificates WHERE device_id = ? AND state = 'next'", (device_id,))

    def exchange(self, device_id: int, certificate_pem: str, till: str, at: str) -> None:
        """The next certificate works: it is the device's from now on, and the old one is kept for audits."""
        self._session.run(
            "INSERT INTO device_certificates (device_id, certificate_pem, state, at) "
            "SELECT device_id, certificate_pem, 'former', ? FROM devices WHERE device_id = ?",
            (at, device_id),
        )
        self._session.run(
            "UPDATE devices SET certificate_pem = ?, certificate_till = ? WHERE device_id = ?",
            (certificate_pem, till, device_id),
        )
        self.drop(device_id)
