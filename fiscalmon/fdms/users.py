"""FDMS's own users of a taxpayer's devices: the optional Users API over the device's line (Gateway v7.2 §22).

Has nothing to do with the till's LAN accounts. Passwords and tokens pass through and are neither kept nor logged.
Every call raises GatewayRefused (DEV07 to DEV15 among others), GatewayUnreachable or GatewayUnknown.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar
from urllib.parse import quote, urlencode

import msgspec

from ..domain.errors import BadInput
from ..domain.gateway_stock import MOST_ROWS, Order
from ..domain.gateway_users import (
    TOKEN_HEADER,
    ChangePasswordRequest,
    Channel,
    ConfirmContactRequest,
    ConfirmPasswordResetRequest,
    ConfirmUserRequest,
    ContactConfirmed,
    CreateUserRequest,
    LoginRequest,
    ResetPasswordRequest,
    SendCodeToEmailRequest,
    SendCodeToPhoneRequest,
    SendCodeToTaxpayerRequest,
    SignedIn,
    UpdateUserRequest,
    User,
    UsersAnswer,
    UserSort,
)
from .connection import Line
from .wire import Accepted, encode

T = TypeVar("T")

_users = msgspec.json.Decoder(UsersAnswer).decode
_signed_in = msgspec.json.Decoder(SignedIn).decode
_contact = msgspec.json.Decoder(ContactConfirmed).decode
_accepted = msgspec.json.Decoder(Accepted).decode


class FdmsUsers:
    """`token` is what `login`, `confirm`, `change_password` or `confirm_reset` gave; it says who asks.

    A new user's way: create (it is NotConfirmed) → send_code_to_taxpayer → confirm → send_code_to_email or _phone →
    confirm_contact.
    """

    def __init__(self, device_id: int, line: Line) -> None:
        self._line = line
        self._base = f"/User/v1/{device_id}"

    async def list(
        self, offset: int = 0, limit: int = MOST_ROWS, *, sort: UserSort = "UserName", order: Order = "asc"
    ) -> UsersAnswer:
        """A page of the taxpayer's users."""
        query = urlencode({"Offset": offset, "Limit": limit, "Sort": sort, "Order": order})
        return await self._line.get("GetUsersList", self._line.url(f"{self._base}/GetUsersList?{query}"), _users)

    async def login(self, user_name: str, password: str) -> SignedIn:
        """Sign in. Refused with DEV11 (wrong) or DEV13 (not confirmed)."""
        return await self._post("Login", LoginRequest(user_name, password), _signed_in)

    async def create(self, user: CreateUserRequest) -> None:
        """Begin a new user. Refused with DEV07 when the name is taken."""
        await self._post("CreateUser", user, _accepted)

    async def send_code_to_taxpayer(self, user_name: str) -> None:
        """Send the taxpayer a code for a user that is not confirmed."""
        await self._post("SendSecurityCodeToTaxpayer", SendCodeToTaxpayerRequest(user_name), _accepted)

    async def confirm(self, user_name: str, security_code: str, password: str) -> SignedIn:
        """Finish a new user with the taxpayer's code. Refused with DEV09 or DEV10."""
        return await self._post("ConfirmUser", ConfirmUserRequest(user_name, security_code, password), _signed_in)

    async def send_code_to_email(self, token: str, email: str) -> None:
        """Send a code to an e-mail address that is to become the signed-in user's."""
        await self._post("SendSecurityCodeToUserEmail", SendCodeToEmailRequest(email), _accepted, token)

    async def send_code_to_phone(self, token: str, phone_no: str) -> None:
        """The same for a phone number."""
        await self._post("SendSecurityCodeToUserPhone", SendCodeToPhoneRequest(phone_no), _accepted, token)

    async def confirm_contact(self, token: str, security_code: str, channel: Channel) -> User:
        """The new address or number is the user's. Refused with DEV09 or DEV15."""
        request = ConfirmContactRequest(security_code, channel)
        return (await self._post("ConfirmContact", request, _contact, token)).user

    async def update(self, token: str, user: UpdateUserRequest) -> None:
        """Change a user's name, surname and role. FDMS answers without a body."""
        await self._post("Update", user, _nothing, token)

    async def block(self, token: str, user_name: str) -> None:
        """Lock a user out."""
        await self._act("Block", token, user_name)

    async def unblock(self, token: str, user_name: str) -> None:
        """Let a user in again."""
        await self._act("Unblock", token, user_name)

    async def change_password(self, token: str, old: str, new: str) -> SignedIn:
        """Refused with DEV10."""
        return await self._post("ChangePassword", ChangePasswordRequest(old, new), _signed_in, token)

    async def reset_password(self, user_name: str, channel: Channel) -> None:
        """Send a code for a forgotten password. Refused with DEV14 when FDMS knows no such contact."""
        await self._post("ResetPassword", ResetPasswordRequest(user_name, channel), _accepted)

    async def confirm_reset(self, user_name: str, security_code: str, new_password: str) -> SignedIn:
        """Finish a reset. Refused with DEV09 or DEV10."""
        request = ConfirmPasswordResetRequest(user_name, security_code, new_password)
        return await self._post("ConfirmPasswordReset", request, _signed_in)

    async def close(self) -> None:
        await self._line.close()

    async def _act(self, what: str, token: str, user_name: str) -> None:
        url = self._line.url(f"{self._base}/{what}/{quote(user_name, safe='')}")
        await self._line.post(what, url, b"", _nothing, headers=_headers(token))

    async def _post(self, name: str, body: object, decode: Callable[[bytes], T], token: str | None = None) -> T:
        url = self._line.url(f"{self._base}/{name}")
        return await self._line.post(name, url, encode(body), decode, headers=_headers(token))


def _headers(token: str | None) -> tuple[tuple[bytes, bytes], ...]:
    if token is None:
        return ()
    if not token or not token.isascii() or not token.isprintable():
        raise BadInput("This is no token of FDMS: sign in again.")
    return ((TOKEN_HEADER.encode(), token.encode()),)


def _nothing(_: bytes) -> None:
    return None
