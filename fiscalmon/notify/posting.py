"""One JSON object by HTTP POST: TLS verified, the system's proxy respected, no redirect followed.

httpx's transport without its client: the client writes each address, so each secret in one, into the log.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Mapping
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from socket import SOCK_STREAM, gaierror
from typing import Final, NamedTuple
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx

from ..domain.errors import NotDelivered

SECONDS: Final = 15.0
MOST_ADDRESSES: Final = 3
_TRANSLATED = IPv6Network("64:ff9b::/96")


class Errand(NamedTuple):
    """What is to be posted where. `public_only`: to no machine of the shop's own network."""

    url: str
    headers: Mapping[str, str]
    body: bytes
    public_only: bool


async def post(errand: Errand, context: ssl.SSLContext) -> int:
    """The answer's status, whatever it says. Raises NotDelivered, without the address in its words."""
    parts = urlsplit(errand.url)
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    proxy = None if proxy_bypass(host) else getproxies().get(parts.scheme)
    addresses = await _addresses(host, port, may_fail=proxy is not None)
    if errand.public_only and any(not is_public(address) for address in addresses):
        raise NotDelivered("The webhook's address leads into a private network, which its owner has not allowed.")
    try:
        async with asyncio.timeout(SECONDS):
            if proxy is not None:
                return await _once(errand, errand.url, context, httpx.Proxy(proxy))
            # To the very address that was judged: a second look-up might answer otherwise.
            return await _first(errand, addresses, context)
    except TimeoutError:
        raise NotDelivered(f"There was no answer within {SECONDS:.0f} s.") from None
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as wrong:
        raise NotDelivered(_why(wrong)) from None


async def _first(errand: Errand, addresses: list[str], context: ssl.SSLContext) -> int:
    """The answer of the first address that takes the connection."""
    trouble: Exception = OSError()
    for address in addresses[:MOST_ADDRESSES]:
        try:
            return await _once(errand, _to(errand.url, address), context, None)
        except (httpx.ConnectError, httpx.ConnectTimeout) as wrong:
            trouble = wrong
    raise trouble


def _to(url: str, address: str) -> str:
    parts = urlsplit(url)
    port = f":{parts.port}" if parts.port else ""
    return parts._replace(netloc=(f"[{address}]" if ":" in address else address) + port).geturl()


async def _once(errand: Errand, url: str, context: ssl.SSLContext, proxy: httpx.Proxy | None) -> int:
    parts = urlsplit(errand.url)
    host = parts.netloc
    extensions = {"timeout": httpx.Timeout(SECONDS).as_dict(), "sni_hostname": parts.hostname}
    headers = {"host": host, "content-type": "application/json", "user-agent": "fiscalmon", **errand.headers}
    request = httpx.Request("POST", url, headers=headers, content=errand.body, extensions=extensions)
    transport = httpx.AsyncHTTPTransport(verify=context, trust_env=False, proxy=proxy)
    try:
        answer = await transport.handle_async_request(request)
        status = answer.status_code
        await answer.aclose()
        return status
    finally:
        await transport.aclose()


async def _addresses(host: str, port: int, *, may_fail: bool) -> list[str]:
    """Where the name leads. Behind a proxy only the proxy may know it."""
    try:
        async with asyncio.timeout(SECONDS):
            found = await asyncio.get_running_loop().getaddrinfo(host, port, type=SOCK_STREAM)
    except (gaierror, TimeoutError, UnicodeError):
        if may_fail:
            return []
        raise NotDelivered("The name of the host is not known here, or there is no Internet now.") from None
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def is_public(text: str) -> bool:
    """Whether an address is one of the Internet, also where it is an old one in a new one's clothes."""
    address: IPv4Address | IPv6Address = ip_address(text.partition("%")[0])
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if inner is None and address in _TRANSLATED:
            inner = IPv4Address(int(address) & 0xFFFF_FFFF)
        address = inner or address
    return address.is_global and not address.is_multicast


def _why(wrong: Exception) -> str:
    """What went wrong by its kind alone: an error's own words may hold the address."""
    cause: BaseException | None = wrong
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f"The host's certificate is not trusted: {cause.verify_message}."
        cause = cause.__cause__ or cause.__context__
    if isinstance(wrong, httpx.ProxyError):
        return "The proxy did not let the message through."
    if isinstance(wrong, httpx.ConnectError | httpx.ConnectTimeout):
        return "The host cannot be reached."
    return "The connection broke before there was an answer."
