"""A device's whole life through our own client, key folder and domain, against the simulator over real mTLS."""

import asyncio
import base64
from datetime import UTC, datetime, timedelta

import pytest

from device.keys.keystore import FileKeyStore
from device.keys.passphrase import PassphraseFile
from fiscalmon.domain import counters
from fiscalmon.domain.canonical import digest, fiscal_day_parts, fiscal_day_server_parts, join, receipt_server_parts
from fiscalmon.domain.chain import Link, follow, next_date, place, seal
from fiscalmon.domain.drafting import draft
from fiscalmon.domain.errors import GatewayRefused, GatewayUnknown, GatewayUnreachable
from fiscalmon.domain.gateway import CloseDayRequest
from fiscalmon.domain.localtime import local_text
from fiscalmon.domain.receipt import SignatureData
from fiscalmon.domain.registered import RegisteredDevice
from fiscalmon.domain.sale import decode_sale
from fiscalmon.fdms.gateways import FdmsGateways
from tests.support.simulator import Simulator

MODEL = ("Server", "v1")


class WallClock:
    def now(self) -> datetime:
        return datetime.now(UTC)

    async def wait_until(self, moment: datetime) -> None:
        raise AssertionError("the client never waits by the clock")


def sale(number: int) -> object:
    line = {
        "receiptLineType": "Sale",
        "receiptLineName": "MILK 2 L",
        "receiptLineHSCode": "04012000",
        "receiptLinePrice": "2.49",
        "receiptLineQuantity": str(number),
        "taxID": 3,
    }
    return {
        "saleId": f"S-{number}",
        "receiptType": "FiscalInvoice",
        "receiptCurrency": "USD",
        "invoiceNo": f"INV-{number}",
        "receiptLinesTaxInclusive": True,
        "receiptLines": [line],
        "receiptPayments": [{"moneyTypeCode": "Cash", "paymentAmount": f"{number * 249 / 100:.2f}"}],
    }


class Till:
    """One device by our own parts alone: no store and no service in between."""

    def __init__(self, simulator: Simulator, folder, entry: dict) -> None:
        self.simulator = simulator
        self.entry = entry
        self.device_id = entry["deviceID"]
        self.ca = (simulator.state / "ca.pem").read_text()
        self.keys = FileKeyStore(folder / "keys", PassphraseFile(folder / "keys"))
        self.gateways = FdmsGateways(self.keys, folder / "certificates", WallClock(), timeout=5)

    async def register(self):
        """The registered device's gateway; the taxpayer as FDMS names it."""
        public = self.gateways.registration(self.simulator.url, self.ca, *MODEL)
        key, serial = self.entry["activationKey"], self.entry["serialNo"]
        try:
            self.taxpayer = await public.verify_taxpayer(self.device_id, key, serial)
            self.keys.create(self.device_id)
            request = self.keys.certificate_request(self.device_id, serial)
            self.certificate = await public.register(self.device_id, key, request)
        finally:
            await public.close()
        return self.connect()

    def connect(self):
        fields = (self.device_id, self.entry["serialNo"], *MODEL, self.simulator.url, self.ca, self.certificate, "", "")
        self.gateway = self.gateways.for_device(RegisteredDevice(*fields))
        return self.gateway

    async def open(self) -> Link:
        self.config = await self.gateway.get_config()
        opened = local_text(datetime.now(UTC) - timedelta(minutes=10))
        self.day = await self.gateway.open_day(opened, 1)
        self.link = Link(self.day, opened, 0, 0, "", None)
        self.receipts = []
        return self.link

    def sign(self, number: int):
        """The next receipt of the chain."""
        date = next_date(self.link, self.link.date or self.link.day_opened)
        placed = place(draft(decode_sale(sale(number)), self.config, date), self.link, date)
        signed = seal(self.device_id, placed, self.link.day_hash, self.keys.signer(self.device_id).sign_digest)
        self.link = follow(self.link, signed)
        self.receipts.append(signed.receipt)
        return signed

    def close_request(self):
        """closeDay's request, and the device signature that FDMS signs in turn."""
        totals = tuple(counters.from_totals(counters.fold(self.receipts)))
        _, sha256 = digest(fiscal_day_parts(self.device_id, self.day, self.link.day_opened[:10], totals))
        mark = base64.b64encode(self.keys.signer(self.device_id).sign_digest(sha256)).decode()
        signature = SignatureData(base64.b64encode(sha256).decode(), mark)
        return CloseDayRequest(self.day, totals, signature, self.link.counter)

    async def closed(self):
        """The status once FDMS has done with the close."""
        for _ in range(100):
            status = await self.gateway.get_status()
            if status.day_status != "FiscalDayCloseInitiated":
                return status
            await asyncio.sleep(0.02)
        raise AssertionError("the close never ended")


@pytest.fixture(scope="module")
def simulator(tmp_path_factory):
    running = Simulator.fresh(tmp_path_factory, "--close-delay", "0.05")
    yield running
    assert running.end() == 0


@pytest.fixture
async def till(simulator, tmp_path):
    number = 30000 + len(simulator.control.get("/devices").json())
    entry = {"deviceID": number, "serialNo": f"T {number}", "activationKey": "abcd1234"}
    assert simulator.post("/devices", entry).status_code == 200
    made = Till(simulator, tmp_path, entry)
    await made.register()
    yield made
    simulator.control.delete("/faults")
    await made.gateway.close()


async def test_a_whole_day(till, simulator):
    assert till.taxpayer.vat_number is not None
    await till.open()
    assert till.config.serial_no == till.entry["serialNo"]
    assert await till.gateway.ping() > 0
    for number in (1, 2, 3):
        signed = till.sign(number)
        answer = await till.gateway.submit_receipt(signed.payload)
        assert not answer.validation_errors
        text = join(receipt_server_parts(signed.signature, answer.receipt_id, answer.server_date))
        assert await till.gateway.verify(text, answer.server_signature)
        assert not await till.gateway.verify(text + "0", answer.server_signature)
        again = await till.gateway.submit_receipt(signed.payload)
        assert (again.receipt_id, again.server_signature) == (answer.receipt_id, answer.server_signature)
    request = till.close_request()
    await till.gateway.close_day(request)
    status = await till.closed()
    assert (status.day_status, status.reconciliation_mode, status.closing_error) == ("FiscalDayClosed", "Auto", None)
    assert (status.last_day_no, status.last_global_no) == (1, 3)
    opening = till.link.day_opened[:10]
    parts = fiscal_day_server_parts(
        till.device_id, till.day, opening, status.closed, "Auto", request.counters, request.signature.signature
    )
    assert await till.gateway.verify(join(parts), status.server_signature)
    assert len(simulator.ledger(till.device_id)["receipts"]) == 3
    assert till.gateway.clock_drift == pytest.approx(0, abs=1)


async def test_refusals_carry_fdmss_code(till):
    with pytest.raises(GatewayRefused) as caught:
        await till.gateway.submit_receipt(b'{"receipt":{}}')
    assert caught.value.status == 400
    await till.open()
    with pytest.raises(GatewayRefused) as caught:
        await till.gateway.open_day(till.link.day_opened, 2)
    assert (caught.value.status, caught.value.error_code) == (422, "FISC01")
    assert caught.value.operation_id
    other = Till(till.simulator, till.keys.key_path(till.device_id).parent / "other", till.entry)
    with pytest.raises(GatewayRefused) as caught:
        await other.register()
    assert caught.value.error_code == "DEV02"


async def test_a_certificate_is_renewed_and_the_new_one_works(till):
    request = till.keys.certificate_request(till.device_id, till.entry["serialNo"])
    renewed = await till.gateway.issue_certificate(request)
    assert renewed != till.certificate
    await till.gateway.close()
    till.certificate = renewed
    assert (await till.connect().get_status()).day_status == "FiscalDayClosed"


@pytest.mark.parametrize(
    ("fault", "stored"),
    [
        ({"action": "drop-before"}, False),
        ({"action": "drop-after"}, True),
        ({"action": "status", "status": 503}, False),
        ({"action": "status", "status": 429}, False),
        ({"action": "garbage"}, True),
        ({"action": "truncate"}, True),
    ],
    ids=lambda given: str(given.get("status", given["action"])) if isinstance(given, dict) else "",
)
async def test_after_an_unknown_outcome_the_same_bytes_settle_it(fault, stored, till, simulator):
    await till.open()
    signed = till.sign(1)
    simulator.post("/faults", {"rules": [{"operation": "SubmitReceipt", "count": 1, **fault}]})
    with pytest.raises(GatewayUnknown):
        await till.gateway.submit_receipt(signed.payload)
    assert len(simulator.ledger(till.device_id)["receipts"]) == int(stored)
    answer = await till.gateway.submit_receipt(signed.payload)
    text = join(receipt_server_parts(signed.signature, answer.receipt_id, answer.server_date))
    assert await till.gateway.verify(text, answer.server_signature)
    assert len(simulator.ledger(till.device_id)["receipts"]) == 1


async def test_a_dead_simulator_is_unreachable_and_comes_back(till, simulator):
    await till.open()
    port = simulator.url.rsplit(":", 1)[1]
    signed = till.sign(1)
    simulator.kill()
    with pytest.raises(GatewayUnreachable):
        await till.gateway.submit_receipt(signed.payload)
    simulator.arguments = ("--close-delay", "0.05", "--port", port)
    simulator.start()
    assert (await till.gateway.submit_receipt(signed.payload)).receipt_id > 0
