"""Addresses of FDMS and of an HTTP proxy as people write them, taken apart and judged. Knows no call."""

from __future__ import annotations

import httpx

from ..domain.errors import BadInput


def gateway_address(text: str) -> httpx.URL:
    """The gateway's base address: https, a host, perhaps port and path. Raises BadInput for anything else."""
    try:
        url = httpx.URL(text)
    except (httpx.InvalidURL, TypeError) as error:
        raise BadInput("The gateway's address is no web address.", str(error)) from error
    if url.scheme != "https" or not url.host:
        raise BadInput("The gateway's address must begin with https:// and name a host.")
    if url.userinfo or url.query or url.fragment:
        raise BadInput("The gateway's address must hold host, port and path only.")
    return url


def proxy_address(text: str) -> httpx.Proxy:
    """An HTTP proxy by host and port. Raises BadInput; a password has no place in a settings file."""
    try:
        url = httpx.URL(text)
    except (httpx.InvalidURL, TypeError) as error:
        raise BadInput("gateway.proxy is no address; it looks like http://proxy.shop.lan:3128.", str(error)) from error
    if url.scheme != "http" or not url.host or url.userinfo or url.query or url.fragment or url.path not in ("", "/"):
        raise BadInput("gateway.proxy must be as in http://proxy.shop.lan:3128, without user, password or path.")
    return httpx.Proxy(url)
