"""For POS programs: hand sales to a till over HTTPS, safely. One file that may be copied; needs httpx, nothing of ours.

The rule it keeps: no answer, or an unclear one, means the same sale again, unchanged. Its saleId makes that harmless.
"""

from __future__ import annotations

import random
import ssl
import time
from types import TracebackType
from typing import Any

import httpx

# What may be answered otherwise a moment later; 409 is not among them.
_AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})


class TillError(Exception):
    """The till did not take it. `code` is stable, `text` says what to do, `errors` name the fields."""

    def __init__(self, status: int, code: str, text: str, errors: list[dict[str, Any]]) -> None:
        super().__init__(text)
        self.status, self.code, self.text, self.errors = status, code, text, errors


class SaleRefused(TillError):
    """A rule is broken, or the saleId stands for another sale: change the sale, do not send it again as it is."""


class Till:
    """A till at `url`. `ca_file`: the till's own CA (DATA_DIR/tls/ca.pem, or `url`/ca.pem). Close it, or use `with`."""

    def __init__(self, url: str, username: str, password: str, ca_file: str | None = None) -> None:
        tls = ssl.create_default_context(cafile=ca_file) if ca_file else True
        self._http = httpx.Client(base_url=url, verify=tls, timeout=httpx.Timeout(40, connect=5), trust_env=False)
        self._login = {"username": username, "password": password}
        self._token: str | None = None

    def submit(self, sale: dict[str, Any], *, wait: str = "signed", patience: float = 120.0) -> dict[str, Any]:
        """The receipt of a sale, signed and on the till's disk; asks again for up to `patience` seconds.

        Raises SaleRefused, TillError; httpx.TransportError where the till was never reached: keep the sale, and hand
        it in again later with the same saleId.
        """
        if not sale.get("saleId"):
            raise ValueError("A sale needs a saleId: it is what makes sending it twice harmless.")
        return self._ask("POST", "/api/receipts/", patience, json=sale, params={"wait": wait})

    def receipt(self, receipt_id: str, *, patience: float = 30.0) -> dict[str, Any]:
        """A receipt as it stands now: `status` tells how far it got with FDMS. Raises TillError."""
        return self._ask("GET", f"/api/receipts/{receipt_id}/", patience)

    def close(self) -> None:
        """Hang up."""
        self._http.close()

    def __enter__(self) -> Till:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _ask(self, method: str, path: str, patience: float, **more: Any) -> dict[str, Any]:
        give_up = time.monotonic() + patience
        tries = 0
        while True:
            tries += 1
            try:
                answer = self._send(method, path, **more)
            except httpx.TransportError:
                if time.monotonic() > give_up:
                    raise
                asked = 0.0
            else:
                if answer.is_success:
                    result: dict[str, Any] = answer.json()
                    return result
                if answer.status_code not in _AGAIN or time.monotonic() > give_up:
                    raise _error(answer)
                asked = _seconds(answer)
            pause = random.random() * min(10.0, 0.25 * 2.0 ** min(tries, 10))
            time.sleep(min(max(asked, pause), max(0.0, give_up - time.monotonic())))

    def _send(self, method: str, path: str, **more: Any) -> httpx.Response:
        """One try. A token that ran out, or was ended, is fetched anew once."""
        answer = self._try(method, path, **more)
        if answer.status_code == 401 and self._token is not None:
            self._token = None
            answer = self._try(method, path, **more)
        return answer

    def _try(self, method: str, path: str, **more: Any) -> httpx.Response:
        if self._token is None:
            signed_in = self._http.post("/api/auth/token", json=self._login)
            if not signed_in.is_success:
                return signed_in
            self._token = signed_in.json()["access_token"]
        return self._http.request(method, path, headers={"Authorization": f"Bearer {self._token}"}, **more)


def _seconds(answer: httpx.Response) -> float:
    try:
        return min(60.0, float(answer.headers.get("Retry-After", "0")))
    except ValueError:
        return 0.0


def _error(answer: httpx.Response) -> TillError:
    try:
        said = answer.json()
    except ValueError:
        said = {}
    said = said if isinstance(said, dict) else {}
    text = str(said.get("detail") or said.get("title") or f"The till answered HTTP {answer.status_code}.")
    errors = [one for one in said.get("errors") or [] if isinstance(one, dict)]
    code = str(said.get("code") or (errors[0].get("code") if errors else f"HTTP{answer.status_code}"))
    refused = answer.status_code == 422 or code == "SALE_CONFLICT"
    return (SaleRefused if refused else TillError)(answer.status_code, code, text, errors)
