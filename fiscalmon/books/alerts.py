"""Alerts in the books: what people were told, and the messages that still have to go out, as Protocols."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from ..domain.alert_channels import Note
from ..domain.alerts import Incident
from ..events import Message


class Delivery(NamedTuple):
    """A message for one channel. Times are UTC texts; `done_at` None: still to be sent, from `next_at` on."""

    id: str
    incident: str
    channel: str
    note: Note
    attempts: int
    next_at: str
    done_at: str | None = None
    error: str | None = None


class AlertBook(Protocol):
    """Alerts inside a write transaction."""

    def put(self, incident: Incident) -> None:
        """An incident as it is from now on."""

    def queue(self, delivery: Delivery) -> None:
        """A message to send; one that is known already stays as it is."""

    def tried(self, delivery: Delivery) -> bool:
        """How a delivery stands now; False when it was given up before."""

    def untold(self, incident: str) -> frozenset[str]:
        """Give up the messages of an incident that were never tried; the channels that were told, or may have been."""

    def forget_channel(self, channel: str) -> None:
        """Nothing more goes to a channel."""

    def prune(self, before: str) -> None:
        """Forget incidents and messages that were over before then."""


class AlertArchive(Protocol):
    """Queries about alerts."""

    def incidents(self, limit: int) -> list[Incident]:
        """Incidents, those that somebody still has to look at first, then the newest."""

    def incident(self, alert_id: str) -> Incident | None:
        """One incident."""

    def last_of_each(self) -> list[Incident]:
        """The newest incident of each rule and subject."""

    def waiting(self) -> list[Delivery]:
        """The messages that still have to go out, oldest first."""

    def last_errors(self) -> dict[str, str | None]:
        """Each channel's newest tried message: its error, None where it went well."""

    def happened(self, types: Sequence[str], after: int) -> list[Message]:
        """Lasting messages of some types after a `seq`, oldest first."""
