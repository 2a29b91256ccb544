"""The Users API of the gateway (Gateway v7.2 §22) as values: the wire's member names, no transport.

The token of a signed-in user is a header, `Token`, never a member of a body. Answers without a body (`Update`, `Block`,
`Unblock`) have no value here.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Annotated, Literal

from msgspec import Meta

from .receipt import Value

UserStatus = Literal["NotConfirmed", "Active", "Blocked"]
Channel = Literal["Email", "PhoneNo"]
UserSort = Literal["UserName", "PersonName", "PersonSurname", "UserRole", "Email", "PhoneNo", "UserStatus"]
CHANNELS: tuple[Channel, ...] = ("Email", "PhoneNo")
USER_SORTS: tuple[UserSort, ...] = (
    "UserName",
    "PersonName",
    "PersonSurname",
    "UserRole",
    "Email",
    "PhoneNo",
    "UserStatus",
)
TOKEN_HEADER = "Token"  # noqa: S105 - a header's name

UserText = Annotated[str, Meta(min_length=1, max_length=100)]
Phone = Annotated[str, Meta(min_length=1, max_length=20)]
SecurityCode = Annotated[str, Meta(min_length=1, max_length=10)]
LoginPassword = Annotated[str, Meta(min_length=1, max_length=500)]

_NAMES = MappingProxyType(
    {
        "user_name": "userName",
        "name": "personName",
        "surname": "personSurname",
        "role": "userRole",
        "phone_no": "phoneNo",
        "status": "userStatus",
        "security_code": "securityCode",
        "old_password": "oldPassword",
        "new_password": "newPassword",
        "email": "userEmail",
        "operation_id": "operationID",
    }
)


class User(Value, frozen=True, rename={**_NAMES, "email": "email"}):
    """A user as login and confirmation return it; e-mail and phone are "" until FDMS knows them."""

    user_name: str
    name: str
    surname: str
    role: str
    email: str = ""
    phone_no: str = ""


class ListedUser(Value, frozen=True, rename={**_NAMES, "email": "email"}):
    """One row of GetUsersList."""

    user_name: str
    name: str
    surname: str
    role: str
    status: UserStatus
    email: str | None = None
    phone_no: str | None = None


class UsersAnswer(Value, frozen=True, rename=_NAMES):
    """GetUsersList: `total` counts all users, `rows` is the page asked for."""

    total: int
    rows: tuple[ListedUser, ...] | None = None
    operation_id: str = ""


class SignedIn(Value, frozen=True, rename=_NAMES):
    """Login, ConfirmUser, ChangePassword, ConfirmPasswordReset: the user and a fresh token."""

    user: User
    token: str
    operation_id: str = ""


class ContactConfirmed(Value, frozen=True, rename=_NAMES):
    """ConfirmContact."""

    user: User
    operation_id: str = ""


class CreateUserRequest(Value, frozen=True, rename=_NAMES):
    """createUserBegin: the user is NotConfirmed, its password its name, until it is confirmed."""

    user_name: UserText
    name: UserText
    surname: UserText
    role: UserText


class UpdateUserRequest(Value, frozen=True, rename=_NAMES):
    """updateUser; the user name says who is changed and is not changed itself."""

    user_name: UserText
    name: UserText
    surname: UserText
    role: UserText


class LoginRequest(Value, frozen=True, rename=_NAMES):
    user_name: UserText
    password: LoginPassword


class SendCodeToTaxpayerRequest(Value, frozen=True, rename=_NAMES):
    user_name: UserText


class ConfirmUserRequest(Value, frozen=True, rename=_NAMES):
    """createUserConfirm: the code that the taxpayer got, and the password that the user chose."""

    user_name: UserText
    security_code: SecurityCode
    password: UserText


class SendCodeToEmailRequest(Value, frozen=True, rename=_NAMES):
    email: UserText


class SendCodeToPhoneRequest(Value, frozen=True, rename=_NAMES):
    phone_no: Phone


class ConfirmContactRequest(Value, frozen=True, rename=_NAMES):
    security_code: SecurityCode
    channel: Channel


class ChangePasswordRequest(Value, frozen=True, rename=_NAMES):
    old_password: UserText
    new_password: UserText


class ResetPasswordRequest(Value, frozen=True, rename=_NAMES):
    """resetUserPasswordBegin: where the code is to be sent."""

    user_name: UserText
    channel: Channel


class ConfirmPasswordResetRequest(Value, frozen=True, rename=_NAMES):
    user_name: UserText
    security_code: SecurityCode
    new_password: UserText
