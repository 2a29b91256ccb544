"""Through a shop's HTTP proxy: TLS passes through it whole, and what it refuses is no answer of FDMS."""

import pytest

from fiscalmon.domain.errors import BadInput, GatewayUnreachable
from fiscalmon.fdms.gateways import FdmsGateways
from tests.contract.conftest import TIMEOUT, Identity
from tests.support import rough_gateway as does
from tests.support.connect_proxy import ConnectProxy


@pytest.fixture
def ready(serve):
    server = serve()
    server.act = does.answer({"operationID": "1", "reportingFrequency": 5})
    return server


def proxied(keys, folder, clock, proxy):
    return FdmsGateways(keys, folder, clock, TIMEOUT, proxy=proxy)


async def test_fdms_is_reached_through_the_proxy_with_the_devices_certificate(
    ready, keys, tmp_path, clock, authority, certificate
):
    async with ConnectProxy() as proxy:
        gateway = proxied(keys, tmp_path, clock, proxy.url).for_device(
            Identity(12345, ready.url, authority.pem, certificate)
        )
        try:
            assert await gateway.ping() == 5
        finally:
            await gateway.close()
    assert proxy.asked == [f"CONNECT {ready.url.removeprefix('https://')} HTTP/1.1"]
    assert ready.seen[-1].client is not None
    # The proxy sees bytes of TLS and nothing of the request.
    assert b"Ping" not in proxy.passed


async def test_a_proxy_that_refuses_means_that_nothing_was_sent(ready, keys, tmp_path, clock, authority, certificate):
    async with ConnectProxy() as proxy:
        proxy.refuses = True
        gateway = proxied(keys, tmp_path, clock, proxy.url).for_device(
            Identity(12345, ready.url, authority.pem, certificate)
        )
        try:
            with pytest.raises(GatewayUnreachable, match="proxy"):
                await gateway.ping()
        finally:
            await gateway.close()
    assert ready.seen == []


@pytest.mark.parametrize(
    "address",
    ["https://proxy:1", "http://", "http://me:secret@proxy:3128", "proxy:3128", "http://proxy/path", "http://a:b:c", 5],
)
def test_a_proxy_that_is_none_is_refused_at_start(address, keys, tmp_path, clock):
    with pytest.raises(BadInput, match=r"gateway\.proxy"):
        proxied(keys, tmp_path, clock, address)


async def test_the_environments_proxy_is_not_obeyed(ready, keys, tmp_path, clock, authority, certificate, monkeypatch):
    async with ConnectProxy() as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        gateway = FdmsGateways(keys, tmp_path, clock, TIMEOUT).for_device(
            Identity(12345, ready.url, authority.pem, certificate)
        )
        try:
            assert await gateway.ping() == 5
        finally:
            await gateway.close()
    assert proxy.asked == []
