"""Messages to people over real sockets: trust, proxies, private networks, refusals, and no secret in any word."""

import json
import logging
import ssl

import pytest

from fiscalmon.domain.alert_channels import Mail, Note, Telegram, Webhook
from fiscalmon.domain.errors import NotDelivered
from fiscalmon.notify.mail import MailNotifier, letter
from fiscalmon.notify.posting import is_public
from fiscalmon.notify.telegram import TelegramNotifier
from fiscalmon.notify.webhook import WebhookNotifier
from tests.support.connect_proxy import ConnectProxy
from tests.support.hook_server import hook_server
from tests.support.mail_server import mail_server
from tests.support.pki import Authority

TOKEN = "123456:a-token-that-nobody-may-read"
WORD = "a-bearer-that-nobody-may-read"
NOTE = Note("n-1", "raised", "disk", "The disk is nearly full", "Make room.", "2026-11-22T10:00:00.000Z", 101, "Main")


@pytest.fixture(scope="module")
def authority():
    return Authority()


@pytest.fixture
def serving(authority, tmp_path):
    pem = tmp_path / "server.pem"
    pem.write_bytes(authority.server("localhost", "127.0.0.1"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return context


@pytest.fixture
def trusting(authority):
    return ssl.create_default_context(cadata=authority.pem)


@pytest.fixture
def hook(serving):
    with hook_server(serving) as server:
        yield server


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch):
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


async def refused(sending, *secrets):
    """The words in which it failed; no secret stands in them or in what the error carries."""
    with pytest.raises(NotDelivered) as caught:
        await sending
    everything = f"{caught.value!r} {caught.value.detail} {caught.value.__cause__!r}"
    assert not any(secret in everything for secret in secrets)
    return caught.value.text


async def test_a_webhook_gets_one_object_with_its_id(hook, trusting):
    channel = Webhook("w", f"{hook.url}/shop", allow_private=True)
    await WebhookNotifier(trusting).send(channel, WORD, NOTE)
    ((path, headers, body),) = hook.got
    assert path == "/shop" and headers["idempotency-key"] == "n-1" and headers["authorization"] == f"Bearer {WORD}"
    assert headers["host"] == hook.url.removeprefix("https://")
    sent = json.loads(body)
    assert (sent["id"], sent["kind"], sent["rule"], sent["deviceID"]) == ("n-1", "raised", "disk", 101)
    assert sent["text"] == "The disk is nearly full: Make room."


async def test_a_secret_address_and_no_tls_within_the_shop(trusting):
    with hook_server(None) as plain:
        await WebhookNotifier(trusting).send(Webhook("w", allow_private=True), f"{plain.url}/hook?key={WORD}", NOTE)
        ((path, headers, _),) = plain.got
        assert path == f"/hook?key={WORD}" and "authorization" not in headers
        text = await refused(WebhookNotifier(trusting).send(Webhook("w"), f"{plain.url}/{WORD}", NOTE), WORD)
        assert "https" in text and len(plain.got) == 1


async def test_a_private_address_is_refused_before_anything_is_sent(hook, trusting):
    text = await refused(WebhookNotifier(trusting).send(Webhook("w", hook.url), None, NOTE))
    assert "private network" in text and hook.got == []


async def test_a_stranger_is_not_believed(hook):
    sending = WebhookNotifier().send(Webhook("w", hook.url, allow_private=True), WORD, NOTE)
    assert "not trusted" in await refused(sending, WORD)
    assert hook.got == []


async def test_a_certificate_of_another_name_is_not_believed(authority, tmp_path, trusting):
    pem = tmp_path / "other.pem"
    pem.write_bytes(authority.server("other.test"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    with hook_server(context) as server:
        sending = WebhookNotifier(trusting).send(Webhook("w", server.url, allow_private=True), None, NOTE)
        assert "not trusted" in await refused(sending)


@pytest.mark.parametrize("status", [301, 404, 500])
async def test_only_a_yes_is_a_yes_and_no_redirect_is_followed(hook, trusting, status):
    hook.status, hook.answers = status, {"location": f"{hook.url}/elsewhere"}
    sending = WebhookNotifier(trusting).send(Webhook("w", hook.url, allow_private=True), WORD, NOTE)
    assert str(status) in await refused(sending, WORD)
    assert len(hook.got) == 1


async def test_nobody_there(trusting):
    channel = Webhook("w", "https://localhost:1/", allow_private=True)
    assert await refused(WebhookNotifier(trusting).send(channel, None, NOTE)) == "The host cannot be reached."


async def test_the_systems_proxy_is_asked_where_there_is_one(hook, trusting, monkeypatch):
    channel = Webhook("w", hook.url, allow_private=True)
    async with ConnectProxy() as proxy:
        monkeypatch.setenv("https_proxy", proxy.url)
        await WebhookNotifier(trusting).send(channel, WORD, NOTE)
        assert proxy.asked == [f"CONNECT {hook.url.removeprefix('https://')} HTTP/1.1"] and len(hook.got) == 1
        # TLS goes through it: it cannot read along.
        assert WORD.encode() not in proxy.passed
        proxy.refuses = True
        assert "proxy" in await refused(WebhookNotifier(trusting).send(channel, WORD, NOTE), WORD)
        monkeypatch.setenv("no_proxy", "localhost")
        await WebhookNotifier(trusting).send(channel, WORD, NOTE)
        assert len(proxy.asked) == 2 and len(hook.got) == 2


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("2001:4860:4860::8888", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:10.0.0.1", False),
        ("64:ff9b::a00:1", False),
        ("2002:a00:1::", False),
    ],
)
def test_which_addresses_are_of_the_internet(address, public):
    assert is_public(address) is public


async def test_telegram_gets_the_message_into_its_chat(hook, trusting, caplog):
    caplog.set_level(logging.DEBUG)
    await TelegramNotifier(hook.url, trusting).send(Telegram("t", "-42"), TOKEN, NOTE)
    ((path, _, body),) = hook.got
    assert path == f"/bot{TOKEN}/sendMessage" and json.loads(body)["chat_id"] == "-42"
    assert "Make room." in json.loads(body)["text"]
    assert TOKEN not in caplog.text


@pytest.mark.parametrize("status", [400, 401, 403, 404, 429, 502])
async def test_telegram_says_no_without_the_token_in_any_word(hook, trusting, status):
    hook.status = status
    text = await refused(TelegramNotifier(hook.url, trusting).send(Telegram("t", "42"), TOKEN, NOTE), TOKEN)
    assert text.startswith("Telegram")


async def test_a_token_that_is_none_never_becomes_an_address(hook, trusting):
    for token in (None, "", "12/../../admin", f"{TOKEN}\r\n"):
        await refused(TelegramNotifier(hook.url, trusting).send(Telegram("t", "42"), token, NOTE))
    assert hook.got == []


def mail(server, **more):
    given = {"security": "starttls", "user": "till", **more}
    return Mail("m", "localhost", "till@shop.zw", ("owner@shop.zw", "boss@shop.zw"), server.port, **given)


@pytest.mark.parametrize("security", ["starttls", "tls"])
async def test_a_letter_goes_out_once_the_server_is_trusted(serving, trusting, security):
    with mail_server(serving, at_once=security == "tls") as server:
        await MailNotifier(trusting).send(mail(server, security=security), server.password, NOTE)
        (text,) = server.letters
        assert server.signed_in == [("till", server.password, True)]
        assert "Subject: [Main] The disk is nearly full" in text and "Make room." in text
        assert "To: owner@shop.zw, boss@shop.zw" in text and "Message-ID: <n-1@shop.zw>" in text


async def test_without_trust_or_tls_no_password_goes_out(serving, trusting):
    with mail_server(serving) as server:
        text = await refused(MailNotifier().send(mail(server), server.password, NOTE), server.password)
        assert "not trusted" in text and server.signed_in == []
    with mail_server(serving, offers=False) as stripped:
        text = await refused(MailNotifier(trusting).send(mail(stripped), stripped.password, NOTE), stripped.password)
        assert "STARTTLS" in text and stripped.signed_in == []
        assert not any(word.startswith(("AUTH", "MAIL")) for word in stripped.words)


async def test_a_mail_server_that_says_no(serving, trusting):
    with mail_server(serving) as server:
        assert "password" in await refused(
            MailNotifier(trusting).send(mail(server), "a wrong one", NOTE), "a wrong one"
        )
        server.refuses_letters = True
        assert "451" in await refused(MailNotifier(trusting).send(mail(server), server.password, NOTE))
    text = await refused(MailNotifier(trusting).send(mail(server), "x", NOTE))
    assert text == "The mail server cannot be reached, or broke off."


async def test_a_server_of_ones_own_without_tls_gets_no_password(serving):
    with mail_server(serving, offers=False) as server:
        await MailNotifier().send(mail(server, security="none", user=None), None, NOTE)
        assert len(server.letters) == 1 and server.signed_in == []


def test_a_letter_says_when_it_is_over_and_keeps_its_id():
    channel = Mail("m", "h", "till@shop.zw", ("owner@shop.zw",))
    over = letter(channel, Note("n-2", "resolved", "disk", "The disk", "Fine.", NOTE.at))
    assert over["Subject"] == "[fiscalmon] Over: The disk" and over["Auto-Submitted"] == "auto-generated"
    assert letter(channel, NOTE)["Message-ID"] == letter(channel, NOTE)["Message-ID"]
    with pytest.raises(ValueError):
        letter(channel, Note("n-3", "raised", "disk", "A\nBcc: all@shop.zw", "Fine.", NOTE.at))
