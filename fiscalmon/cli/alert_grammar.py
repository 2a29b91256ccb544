"""The grammar of `fiscalmon alerts …`. No secret is an argument: those come on standard input."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    Group = argparse._SubParsersAction[argparse.ArgumentParser]


def alert_commands(group: Callable[[str, str], Group], command: Callable[..., argparse.ArgumentParser]) -> None:
    """`group` makes a group of commands, `command` one command in it."""
    alerts: Any = group("alerts", "who is told when something is wrong, and of what")
    listing = command(alerts, "list", "alerts_list", "what people were told, open alerts first")
    listing.add_argument("--limit", type=int, default=50)
    command(alerts, "rules", "alerts_rules", "what is watched; `settings set alerts` changes it")
    ack = command(alerts, "ack", "alerts_ack", "somebody looks after it: it is not repeated")
    ack.add_argument("id", metavar="ID")
    command(alerts, "channels", "alerts_channels", "where alerts go besides the feed")
    add = command(alerts, "add-channel", "alerts_add_channel", "a new channel, or an old one set up anew")
    add.add_argument("name", metavar="NAME")
    add.add_argument("--kind", required=True, choices=("webhook", "e-mail", "telegram"))
    add.add_argument("--secret-stdin", action="store_true", help="read password, token or secret address from stdin")
    add.add_argument("--url", help="webhook: its address, where that is no secret")
    add.add_argument("--allow-private", action="store_true", help="webhook: also in the shop's own network")
    add.add_argument("--host", help="e-mail: the mail server")
    add.add_argument("--port", type=int, help="e-mail: its port (default 587)")
    add.add_argument("--security", choices=("starttls", "tls", "none"), help="e-mail: default starttls")
    add.add_argument("--user", help="e-mail: who signs in there")
    add.add_argument("--from", dest="sender", metavar="ADDRESS", help="e-mail: the sender")
    add.add_argument("--to", action="append", metavar="ADDRESS", help="e-mail: who gets it; may be given again")
    add.add_argument("--chat", metavar="ID", help="telegram: the chat")
    for name, help_ in (("remove-channel", "forget a channel and its secret"), ("test", "send a test message now")):
        one = command(alerts, name, f"alerts_{name.replace('-', '_')}", help_)
        one.add_argument("name", metavar="NAME")
