"""A real LAN server for tests: TLS on a free port, accounts of every role, and clients that speak to it."""

import contextlib
import json
import shutil
import ssl
from pathlib import Path

import httpx
import websockets

from fiscalmon.server import Limits, ServerSettings
from fiscalmon.server.lan import LanServer
from fiscalmon.services.accounts import Accounts
from fiscalmon.store.accounts import AccountFile

PASSWORD = "four plain words do well"
# Name, role, devices. The last two see device 101 alone.
PEOPLE = (
    ("vera", "viewer", None),
    ("mandla", "manager", None),
    ("sipho", "support", None),
    ("olga", "owner", None),
    ("pos1", "pos", None),
    ("pos2", "pos", None),
    ("val101", "viewer", (101,)),
    ("man101", "manager", (101,)),
)
NAMES = {"viewer": "vera", "manager": "mandla", "support": "sipho", "owner": "olga", "pos": "pos1"}


def make_accounts(folder: Path) -> None:
    accounts = Accounts(AccountFile(folder))
    for name, role, devices in PEOPLE:
        accounts.add(name, role, PASSWORD, devices)
    accounts.close()


class Doorkeeper:
    """Hears what happens at the door: (what, account, address)."""

    def __init__(self):
        self.heard = []
        self.failures = 0

    async def failed(self, name, address):
        self.failures += 1
        self.heard.append(("failed", name, address))

    async def signed_in(self, accounts, account_id, name, address):
        self.heard.append(("in", name, address))


class Lan:
    """A running server with its till and accounts; `url` like https://127.0.0.1:PORT."""

    def __init__(self, till, folder: Path, **settings):
        self.till = till
        self.folder = folder
        self.accounts = Accounts(AccountFile(folder))
        self.doorkeeper = Doorkeeper()
        limits = settings.pop("limits", Limits(watch_seconds=0.1))
        self.server = LanServer(till, self.accounts, ServerSettings(folder, limits=limits, **settings), self.doorkeeper)

    async def __aenter__(self):
        await self.server.start()
        self.url = self.server.url
        self.authority = self.url.partition("://")[2]
        self.port = int(self.url.rpartition(":")[2])
        self.tls = ssl.create_default_context(cafile=self.server.ca_file) if self.server.ca_file else None
        return self

    async def __aexit__(self, *_):
        await self.server.stop()
        self.accounts.close()

    def client(self, **options):
        return httpx.AsyncClient(base_url=self.url, verify=self.tls or True, trust_env=False, timeout=10, **options)

    async def token(self, name):
        """Bearer headers of an account."""
        async with self.client() as http:
            answer = await http.post("/api/auth/token", json={"username": name, "password": PASSWORD})
            assert answer.status_code == 200, answer.text
            return {"Authorization": f"Bearer {answer.json()['access_token']}"}

    @contextlib.asynccontextmanager
    async def browser(self, name):
        """A client with a session cookie; `.page` are the headers that the dashboard's own page sends."""
        async with self.client() as http:
            answer = await http.post("/api/auth/login", json={"username": name, "password": PASSWORD})
            assert answer.status_code == 200, answer.text
            http.page = {"Origin": self.url, "X-CSRF-Token": answer.json()["csrfToken"]}
            yield http

    def socket(self, headers=None, *, origin=None, path="/ws/dashboard/"):
        return websockets.connect(
            self.url.replace("http", "ws", 1) + path,
            ssl=self.tls,
            additional_headers=headers,
            origin=origin,
            compression=None,
            proxy=None,
            open_timeout=10,
            max_size=None,
        )

    def cookie(self, http):
        """The session cookie of a browser, as a header for a socket."""
        return {"Cookie": "; ".join(f"{k}={v}" for k, v in http.cookies.items())}


def copy_of(prepared: Path, folder: Path) -> Path:
    return Path(shutil.copytree(prepared, folder / "data"))


async def heard(socket, type_=None):
    """The next message, or the next of a type."""
    while True:
        message = json.loads(await socket.recv())
        if type_ is None or message["type"] == type_:
            return message


async def close_code(socket, seconds=5):
    """Read until the server closes; its code."""
    import asyncio

    async with asyncio.timeout(seconds):
        try:
            while True:
                await socket.recv()
        except websockets.ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else 1006
