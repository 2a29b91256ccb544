"""What can go wrong, as one family: a stable code, a sentence a person may read, a detail for the log.

Must not know HTTP, Qt or exit codes: each outer layer translates these once.
"""

from __future__ import annotations

from typing import Any


class FiscalmonError(Exception):
    """Root of the family. `code` is stable and searchable; `text` says what happened and what to do."""

    code = "FISCALMON"

    def __init__(self, text: str, detail: str = "", *, code: str | None = None) -> None:
        super().__init__(text)
        self.text = text
        self.detail = detail
        if code is not None:
            self.code = code


class BadInput(FiscalmonError):
    """The caller's data has the wrong shape."""

    code = "BAD_INPUT"


class SaleRefused(FiscalmonError):
    """A sale breaks a receipt rule. `errors`: dicts {code, color, advice, field}; nothing was numbered.

    `sale_id` is None where the sale names none that can be read.
    """

    code = "SALE_REFUSED"

    def __init__(self, sale_id: str | None, errors: list[dict[str, Any]]) -> None:
        more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
        name = "A sale without saleId" if sale_id is None else f"Sale {sale_id}"
        super().__init__(f"{name} was refused: {errors[0]['advice']}{more}")
        self.sale_id = sale_id
        self.errors = errors


class SaleConflict(FiscalmonError):
    """The saleId was used before with other content."""

    code = "SALE_CONFLICT"


class DayNotOpen(FiscalmonError):
    """No fiscal day accepts receipts on this device."""

    code = "DAY_NOT_OPEN"


class DayRefused(FiscalmonError):
    """A fiscal day cannot be opened or closed now."""

    code = "DAY_REFUSED"


class UnknownDevice(FiscalmonError):
    """No such device here, or none the caller may see."""

    code = "UNKNOWN_DEVICE"


class UnknownReceipt(FiscalmonError):
    """No such receipt here, or none the caller may see."""

    code = "UNKNOWN_RECEIPT"


class TillBusy(FiscalmonError):
    """The till cannot take this now; the same call may go through later."""

    code = "TILL_BUSY"


class TillStopping(TillBusy):
    """The engine is on its way out and did nothing of this; the next one can take it."""

    code = "TILL_STOPPING"


class StoreDamaged(FiscalmonError):
    """The database cannot be trusted: nothing is sold until it is mended."""

    code = "STORE_DAMAGED"


class KeyUnavailable(FiscalmonError):
    """The device's signing key cannot be read or unlocked."""

    code = "KEY_UNAVAILABLE"


class ImpossibleTransition(FiscalmonError):
    """A state machine was asked for a step its table does not have; nothing changed."""

    code = "IMPOSSIBLE_TRANSITION"


class GatewayError(FiscalmonError):
    """Something went wrong between us and FDMS. Three kinds below; only Refused is a final answer."""

    code = "GATEWAY"


class GatewayRefused(GatewayError):
    """FDMS answered and did nothing (Gateway v7.2 section 5). `error_code` is FDMS's own, e.g. RCPT01."""

    code = "GATEWAY_REFUSED"

    def __init__(
        self,
        status: int,
        error_code: str | None,
        text: str,
        detail: str = "",
        operation_id: str | None = None,
    ) -> None:
        super().__init__(text, detail)
        self.status = status
        self.error_code = error_code
        self.operation_id = operation_id


class GatewayUnreachable(GatewayError):
    """The request never left: nothing was done there."""

    code = "GATEWAY_UNREACHABLE"


class GatewayUnknown(GatewayError):
    """The request left and no usable answer came: FDMS may or may not have done it. Ask before anything else.

    `status` when there was an answer at all; `retry_after`: seconds FDMS asks us to wait (429, 503), None when it
    named none.
    """

    code = "GATEWAY_UNKNOWN"

    def __init__(
        self,
        text: str,
        detail: str = "",
        *,
        status: int | None = None,
        retry_after: float | None = None,
        operation_id: str | None = None,
    ) -> None:
        super().__init__(text, detail)
        self.status = status
        self.retry_after = retry_after
        self.operation_id = operation_id


class NotDelivered(FiscalmonError):
    """A message to people did not get through. Its text never holds an address or secret of the channel."""

    code = "NOT_DELIVERED"


class UnknownAlert(FiscalmonError):
    """No such alert is known here, or the caller may not see it."""

    code = "UNKNOWN_ALERT"
