"""The Users API (Gateway v7.2 §22): users of a taxpayer's tills, their codes and tokens. Nothing is really sent:
security codes are read on the control port.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from msgspec.structs import replace

from fiscalmon.domain.gateway_users import (
    CHANNELS,
    USER_SORTS,
    ChangePasswordRequest,
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
    UsersAnswer,
)

from .calls import NO_BODY, Call, Operation
from .listing import Query
from .problems import Problem, misshapen, refused
from .shape import Choice, Kind, Member, Part, Text, read_body
from .user_records import Code, PosUser, hashed, matches

SHORTEST_PASSWORD = 8
_NAME = Text(100, 1)
_MEMBERS: Mapping[str, tuple[str, Kind]] = MappingProxyType(
    {
        "user_name": ("userName", _NAME),
        "name": ("personName", _NAME),
        "surname": ("personSurname", _NAME),
        "role": ("userRole", _NAME),
        "security_code": ("securityCode", Text(10, 1)),
        "old_password": ("oldPassword", _NAME),
        "new_password": ("newPassword", _NAME),
        "email": ("userEmail", _NAME),
        "phone_no": ("phoneNo", Text(20, 1)),
        "channel": ("channel", Choice(CHANNELS)),
    }
)
_SORT_KEYS: Mapping[str, str] = MappingProxyType(
    {
        "UserName": "user_name",
        "PersonName": "name",
        "PersonSurname": "surname",
        "UserRole": "role",
        "Email": "email",
        "PhoneNo": "phone_no",
        "UserStatus": "status",
    }
)


def _read(call: Call, made: Callable[..., Any], password: Text = _NAME) -> Any:
    """The body as one of the domain's requests; all their members are required."""
    members = []
    for argument in made.__struct_fields__:  # type: ignore[attr-defined]  # msgspec structs, all of them
        wire, kind = ("password", password) if argument == "password" else _MEMBERS[argument]
        members.append(Member(wire, argument, kind, True))
    return read_body(Part(made, *members), call.body)


def get_users_list(call: Call) -> UsersAnswer:
    query = Query(call.query)
    paging = query.paging(USER_SORTS)
    query.check()
    users = call.simulation.users.of(call.book.taxpayer.taxpayer_id)
    total, rows = paging.page(users, (), lambda user, sort: getattr(user, _SORT_KEYS[sort]))
    return UsersAnswer(total, tuple(user.listed() for user in rows))


def login(call: Call) -> SignedIn:
    request = _read(call, LoginRequest, Text(500, 1))
    user = call.simulation.users.find(call.book.taxpayer.taxpayer_id, request.user_name)
    if user is None or not matches(request.password, user.password):
        raise refused("DEV11", "User name or password is not correct.")
    if user.status == "NotConfirmed":
        raise refused("DEV13", "The user is not confirmed.")
    if user.status != "Active":
        raise _unfit("is blocked")
    return _sign_in(call, user)


def create_user(call: Call) -> None:
    """NotConfirmed; the password is the user name until it is confirmed."""
    request = _read(call, CreateUserRequest)
    taxpayer_id, users = call.book.taxpayer.taxpayer_id, call.simulation.users
    if users.find(taxpayer_id, request.user_name) is not None:
        raise refused("DEV07", "This user name is already used.")
    secret = hashed(request.user_name)
    users.put(PosUser(taxpayer_id, request.user_name, request.name, request.surname, request.role, secret))


def send_code_to_taxpayer(call: Call) -> None:
    user = _user(call, _read(call, SendCodeToTaxpayerRequest).user_name, "NotConfirmed")
    _send(call, user, "confirm", "taxpayer")


def confirm_user(call: Call) -> SignedIn:
    request = _read(call, ConfirmUserRequest)
    user = _user(call, request.user_name, "NotConfirmed")
    _check_code(call, user, "confirm", request.security_code)
    _check_password(request.password, user)
    return _sign_in(call, replace(_spent(user, "confirm"), status="Active", password=hashed(request.password)))


def send_code_to_email(call: Call) -> None:
    user, address = _bearer(call), _read(call, SendCodeToEmailRequest).email
    name, at, host = address.partition("@")
    if not (name and at and "." in host) or "@" in host or " " in address:
        raise refused("DEV14", "The e-mail address is not valid.")
    _send(call, user, "Email", address)


def send_code_to_phone(call: Call) -> None:
    user, number = _bearer(call), _read(call, SendCodeToPhoneRequest).phone_no
    digits = number.removeprefix("+").replace(" ", "")
    if not (digits.isascii() and digits.isdigit() and len(digits) >= 6):
        raise refused("DEV14", "The phone number is not valid.")
    _send(call, user, "PhoneNo", number)


def confirm_contact(call: Call) -> ContactConfirmed:
    user, request = _bearer(call), _read(call, ConfirmContactRequest)
    own = user.email if request.channel == "Email" else user.phone_no
    if request.channel not in user.codes and own is not None:
        raise refused("DEV15", "This contact is already confirmed.")
    sent_to = _check_code(call, user, request.channel, request.security_code).sent_to
    user = _spent(user, request.channel)
    user = replace(user, email=sent_to) if request.channel == "Email" else replace(user, phone_no=sent_to)
    call.simulation.users.put(user)
    return ContactConfirmed(user.shown(call.book.device))


def update_user(call: Call) -> Any:
    _bearer(call)
    request = _read(call, UpdateUserRequest)
    user = _user(call, request.user_name, "Active")
    call.simulation.users.put(replace(user, name=request.name, surname=request.surname, role=request.role))
    return NO_BODY


def block_user(call: Call) -> Any:
    _bearer(call)
    user = _user(call, call.rest, "Active")
    call.simulation.users.put(replace(user, status="Blocked"))
    call.simulation.users.take_tokens(user)
    return NO_BODY


def unblock_user(call: Call) -> Any:
    _bearer(call)
    call.simulation.users.put(replace(_user(call, call.rest, "Blocked"), status="Active"))
    return NO_BODY


def change_password(call: Call) -> SignedIn:
    user, request = _bearer(call), _read(call, ChangePasswordRequest)
    if not matches(request.old_password, user.password):
        raise refused("DEV10", "The old password is not correct.")
    _check_password(request.new_password, user)
    return _with_password(call, user, request.new_password)


def reset_password(call: Call) -> None:
    request = _read(call, ResetPasswordRequest)
    user = _user(call, request.user_name, "Active")
    address = user.email if request.channel == "Email" else user.phone_no
    if address is None:
        raise refused("DEV14", f"The user has no confirmed contact for {request.channel}.")
    _send(call, user, "reset", address)


def confirm_password_reset(call: Call) -> SignedIn:
    request = _read(call, ConfirmPasswordResetRequest)
    user = _user(call, request.user_name, "Active")
    _check_code(call, user, "reset", request.security_code)
    _check_password(request.new_password, user)
    return _with_password(call, _spent(user, "reset"), request.new_password)


def _user(call: Call, user_name: str, status: str) -> PosUser:
    user = call.simulation.users.find(call.book.taxpayer.taxpayer_id, user_name)
    if user is None or user.status != status:
        raise _unfit("is not known" if user is None else f"is {user.status}, not {status}")
    return user


def _unfit(why: str) -> Problem:
    return refused("DEV08", f"User information is not correct: the user {why}.")


def _bearer(call: Call) -> PosUser:
    """The user whose token the call carries, of the device's taxpayer."""
    token = call.headers.get(b"token", b"").decode("latin-1")
    if not token:
        raise misshapen({"Token": ["The Token field is required."]})
    user = call.simulation.users.holder(token, call.simulation.clock.timestamp())
    if user is None or user.taxpayer_id != call.book.taxpayer.taxpayer_id or user.status != "Active":
        raise refused("DEV12", "The token is not valid.")
    return user


def _sign_in(call: Call, user: PosUser) -> SignedIn:
    simulation = call.simulation
    token, hours = secrets.token_urlsafe(24), simulation.ledger.settings.token_hours
    with simulation.archive.transaction():
        simulation.users.put(user)
        simulation.users.give_token(user, token, simulation.clock.timestamp() + hours * 3600)
    return SignedIn(user.shown(call.book.device), token)


def _with_password(call: Call, user: PosUser, password: str) -> SignedIn:
    call.simulation.users.take_tokens(user)
    return _sign_in(call, replace(user, password=hashed(password)))


def _send(call: Call, user: PosUser, purpose: str, sent_to: str) -> None:
    simulation = call.simulation
    until = simulation.clock.timestamp() + simulation.ledger.settings.code_minutes * 60
    code = Code(f"{secrets.randbelow(10**6):06d}", sent_to, until)
    simulation.users.put(replace(user, codes={**user.codes, purpose: code}))


def _check_code(call: Call, user: PosUser, purpose: str, given: str) -> Code:
    code = user.codes.get(purpose)
    if code is None or not secrets.compare_digest(code.code.encode(), given.encode()):
        raise refused("DEV09", "The security code is not valid.")
    if code.until < call.simulation.clock.timestamp():
        raise refused("DEV09", "The security code is no longer valid.")
    return code


def _spent(user: PosUser, purpose: str) -> PosUser:
    return replace(user, codes={name: code for name, code in user.codes.items() if name != purpose})


def _check_password(password: str, user: PosUser) -> None:
    if len(password) < SHORTEST_PASSWORD or password.lower() == user.user_name.lower():
        raise refused("DEV10", f"A password has at least {SHORTEST_PASSWORD} characters and is not the user name.")


USER_OPERATIONS: tuple[Operation, ...] = (
    Operation("User", "GET", "GetUsersList", get_users_list),
    Operation("User", "POST", "Login", login),
    Operation("User", "POST", "CreateUser", create_user),
    Operation("User", "POST", "SendSecurityCodeToTaxpayer", send_code_to_taxpayer),
    Operation("User", "POST", "ConfirmUser", confirm_user),
    Operation("User", "POST", "SendSecurityCodeToUserEmail", send_code_to_email),
    Operation("User", "POST", "SendSecurityCodeToUserPhone", send_code_to_phone),
    Operation("User", "POST", "ConfirmContact", confirm_contact),
    Operation("User", "POST", "Update", update_user),
    Operation("User", "POST", "Block", block_user, takes_rest=True),
    Operation("User", "POST", "Unblock", unblock_user, takes_rest=True),
    Operation("User", "POST", "ChangePassword", change_password),
    Operation("User", "POST", "ResetPassword", reset_password),
    Operation("User", "POST", "ConfirmPasswordReset", confirm_password_reset),
)
