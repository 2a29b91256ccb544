"""A call that was let in, and what an endpoint is: the words between the gateway port and its operations."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from .book import Book
from .simulation import Simulation


class Call(NamedTuple):
    """A call that may be answered: with what, and whose. Query names are lower case.

    `headers` has lower-case names as the request had them; `rest` is what follows the operation in the path.
    """

    simulation: Simulation
    body: bytes
    query: Mapping[str, str]
    headers: Mapping[bytes, bytes]
    operation_id: str = ""
    address: str = ""
    rest: str = ""
    holder: Book | None = None

    @property
    def book(self) -> Book:
        """The book of the device that calls; every operation but one has a device."""
        if self.holder is None:
            raise LookupError("this operation is of no device")
        return self.holder

    @property
    def device_id(self) -> int:
        return self.book.device.device_id


Handler = Callable[[Call], Any]


class Operation(NamedTuple):
    """One endpoint.

    `online_only`: refused to devices in Offline mode (§5.3, DEV01). `takes_rest`: the path goes on behind the name.
    `numbered`: the body of a success carries operationID, as most do; lists do not, and a handler that returns
    NO_BODY answers without any.
    """

    area: str
    method: str
    name: str
    handler: Handler
    online_only: bool = False
    takes_rest: bool = False
    numbered: bool = True

    @property
    def public(self) -> bool:
        return self.area == "Public"

    @property
    def of_device(self) -> bool:
        return self.name != "GetServerCertificate"


NO_BODY: Any = object()
