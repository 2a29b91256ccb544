"""The simulator as a process of its own, and a small till that speaks to it over real mTLS.

Canonical strings are built here by hand, so that a mistake in the product's own is found.
"""

import base64
import hashlib
import json
import shutil
import ssl
import subprocess
import sys
import time
from datetime import datetime, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import httpx
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import NameOID

ROOT = Path(__file__).resolve().parents[2]
SHOP = timezone(timedelta(hours=2))
MODEL = {"DeviceModelName": "Server", "DeviceModelVersion": "v1"}
KEY_FILES = ("ca.key", "ca.pem", "signing.key", "signing.pem", "server.key")


class Simulator:
    """Starts on construction; `kill` is kill -9, `restart` goes on with the same state."""

    def __init__(self, state: Path, *arguments: str) -> None:
        self.state = state
        self.arguments = arguments
        self.control: httpx.Client
        self.clients: list[httpx.Client] = []
        # Called with every answer of the gateway.
        self.hooks: list = []
        self.start()

    @classmethod
    def fresh(cls, factory, *arguments: str) -> "Simulator":
        """With an empty ledger, and with keys that are made once a test session: RSA keys take their time."""
        state = factory.mktemp("simulator")
        keys = factory.getbasetemp() / "simulator-keys"
        if keys.exists():
            for name in KEY_FILES:
                shutil.copy(keys / name, state / name)
        running = cls(state, *arguments)
        if not keys.exists():
            keys.mkdir()
            for name in KEY_FILES:
                shutil.copy(state / name, keys / name)
        return running

    def start(self) -> None:
        command = [sys.executable, "-m", "fiscalmon.simulator", "--json", "--state-dir", str(self.state)]
        self.process = subprocess.Popen([*command, *self.arguments], stdout=subprocess.PIPE, cwd=ROOT, text=True)
        assert self.process.stdout is not None
        self.ready = json.loads(self.process.stdout.readline())
        self.url, self.ca = self.ready["url"], self.ready["ca"]
        self.control = httpx.Client(base_url=self.ready["control"], trust_env=False, timeout=10)

    def end(self) -> int:
        """SIGTERM; the exit code. Everything else that came to stdout is in `rest`."""
        self.hang_up()
        self.process.terminate()
        self.rest = self.process.communicate(timeout=10)[0]
        return self.process.returncode

    def kill(self) -> None:
        self.hang_up()
        self.process.kill()
        self.process.communicate(timeout=10)

    def hang_up(self) -> None:
        """Close every connection that was made to it."""
        for client in (self.control, *self.clients):
            client.close()
        self.clients.clear()

    def restart(self) -> None:
        self.kill()
        self.start()

    def post(self, path: str, body: object = None) -> httpx.Response:
        return self.control.post(path, json=body)

    def ledger(self, device_id: int) -> dict:
        return self.control.get(f"/ledger/{device_id}").raise_for_status().json()

    def public(self, **more) -> httpx.Client:
        """A client without a certificate."""
        hooks = {"response": self.hooks}
        return httpx.Client(
            base_url=self.url, verify=self.tls(), trust_env=False, headers=MODEL, event_hooks=hooks, **more
        )

    def tls(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self.ca)


def request_of(key, common_name: str, *, digest=None, **others: str) -> str:
    """A PKCS#10 request, PEM. `others` are further subject parts by their names in NameOID."""
    names = [x509.NameAttribute(NameOID.COMMON_NAME, common_name)]
    names += [x509.NameAttribute(getattr(NameOID, name), value) for name, value in others.items()]
    made = x509.CertificateSigningRequestBuilder().subject_name(x509.Name(names))
    signed = made.sign(key, digest or hashes.SHA256())
    return signed.public_bytes(serialization.Encoding.PEM).decode()


class Till:
    """One registered device. `date` is that of the last receipt, a naive local time."""

    def __init__(self, simulator: Simulator, device: dict, key=None) -> None:
        self.simulator = simulator
        self.device_id, self.serial = device["deviceID"], device["serialNo"]
        self.activation_key = device["activationKey"]
        self.key = key or ec.generate_private_key(ec.SECP256R1())
        self.day, self.counter, self.global_no, self.previous = 0, 0, 0, ""
        self.counters: dict[tuple, int] = {}
        self.client: httpx.Client

    @property
    def common_name(self) -> str:
        return f"ZIMRA-{self.serial}-{self.device_id:010d}"

    def register(self) -> "Till":
        with self.simulator.public() as client:
            answer = client.post(
                f"/Public/v1/{self.device_id}/RegisterDevice",
                json={
                    "certificateRequest": request_of(self.key, self.common_name),
                    "activationKey": self.activation_key.lower(),
                },
            )
        assert answer.status_code == 200, answer.text
        self.certificate = answer.json()["certificate"]
        self.client = self.connect()
        return self

    def connect(self, certificate: str | None = None, key=None, **more) -> httpx.Client:
        """A client with this device's certificate, or with another one."""
        file = self.simulator.state / f"{self.device_id}-client.pem"
        private = (key or self.key).private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        file.write_bytes(private + (certificate or self.certificate).encode())
        context = self.simulator.tls()
        context.load_cert_chain(file)
        client = httpx.Client(
            base_url=self.simulator.url,
            verify=context,
            trust_env=False,
            headers=MODEL,
            timeout=10,
            event_hooks={"response": self.simulator.hooks},
            **more,
        )
        self.simulator.clients.append(client)
        return client

    def post(self, name: str, body: object = None) -> httpx.Response:
        return self.client.post(f"/Device/v1/{self.device_id}/{name}", json=body)

    def get(self, name: str) -> dict:
        return self.client.get(f"/Device/v1/{self.device_id}/{name}").raise_for_status().json()

    def open(self, opened: datetime | None = None, **more) -> httpx.Response:
        """Open a day; ten minutes ago unless said, so that receipts have room before now."""
        moment = opened or (now() - timedelta(minutes=10))
        moment = max(moment, getattr(self, "date", moment))
        answer = self.post("OpenDay", {"fiscalDayOpened": text(moment), **more})
        if answer.status_code == 200:
            self.day = answer.json()["fiscalDayNo"]
            self.opened, self.date = moment, moment
            self.counter, self.previous, self.counters = 0, "", {}
        return answer

    def receipt(self, **changes) -> dict:
        """The next receipt, unsigned. `changes` replace members by their wire names."""
        receipt = {
            "receiptType": "FiscalInvoice",
            "receiptCurrency": "USD",
            "receiptCounter": self.counter + 1,
            "receiptGlobalNo": self.global_no + 1,
            "invoiceNo": f"{self.device_id}-{self.day}-{self.counter + 1}-{self.global_no + 1}",
            "receiptDate": text(self.date + timedelta(seconds=1)),
            "receiptLinesTaxInclusive": True,
            "receiptLines": [line()],
            "receiptTaxes": [{"taxID": 3, "taxPercent": 15.5, "taxAmount": 1.55, "salesAmountWithTax": 11.55}],
            "receiptPayments": [{"moneyTypeCode": "Cash", "paymentAmount": 11.55}],
            "receiptTotal": 11.55,
        }
        return {**receipt, **changes}

    def sign(self, receipt: dict, previous: str | None = None) -> dict:
        """The receipt with its signature; the chain follows it."""
        canonical = receipt_text(self.device_id, receipt, self.previous if previous is None else previous)
        return {**receipt, "receiptDeviceSignature": self.signature(canonical)}

    def signature(self, canonical: str) -> dict:
        digest = hashlib.sha256(canonical.encode()).digest()
        if isinstance(self.key, rsa.RSAPrivateKey):
            signed = self.key.sign(canonical.encode(), padding.PKCS1v15(), hashes.SHA256())
        else:
            signed = self.key.sign(canonical.encode(), ec.ECDSA(hashes.SHA256()))
        return {"hash": base64.b64encode(digest).decode(), "signature": base64.b64encode(signed).decode()}

    def follow(self, signed: dict) -> None:
        """The chain after a receipt that FDMS has stored."""
        self.counter, self.global_no = signed["receiptCounter"], signed["receiptGlobalNo"]
        self.date = datetime.fromisoformat(signed["receiptDate"])
        self.previous = signed["receiptDeviceSignature"]["hash"]
        kind = {"FiscalInvoice": "Sale", "CreditNote": "CreditNote", "DebitNote": "DebitNote"}[signed["receiptType"]]
        for tax in signed["receiptTaxes"]:
            for name, member in ((f"{kind}ByTax", "salesAmountWithTax"), (f"{kind}TaxByTax", "taxAmount")):
                key = (name, signed["receiptCurrency"], tax["taxID"], tax.get("taxPercent"))
                self.counters[key] = self.counters.get(key, 0) + cents(tax[member])
        for payment in signed["receiptPayments"]:
            key = ("BalanceByMoneyType", signed["receiptCurrency"], payment["moneyTypeCode"])
            self.counters[key] = self.counters.get(key, 0) + cents(payment["paymentAmount"])

    def submit(self, **changes) -> dict:
        """Sign and send the next receipt; FDMS's answer. The chain follows."""
        signed = self.sign(self.receipt(**changes))
        answer = self.post("SubmitReceipt", {"receipt": signed})
        assert answer.status_code == 200, answer.text
        self.follow(signed)
        return answer.json()

    def offline_file(self, sequence: int, receipts: list[dict] | None = None, *, footer: bool = False) -> dict:
        """A file of the open day (§17): the receipts given, and the close of all that `follow` has seen."""
        header = {"deviceID": self.device_id, "fiscalDayNo": self.day, "fiscalDayOpened": text(self.opened)}
        file: dict = {"header": {**header, "fileSequence": sequence}}
        if receipts is not None:
            file["content"] = {"receipts": receipts}
        if footer:
            close = self.close_body()
            del close["fiscalDayNo"]
            file["footer"] = {**close, "fiscalDayClosed": text(self.date)}
        return file

    def begin_offline(self, opened: datetime | None = None) -> "Till":
        """A day that the device opens by itself."""
        earliest = now() - timedelta(minutes=30)
        self.opened = opened or max(earliest, getattr(self, "date", earliest) + timedelta(seconds=1))
        self.day += 1
        self.date, self.counter, self.previous, self.counters = self.opened, 0, "", {}
        return self

    def sell_offline(self, count: int = 1, **changes) -> list[dict]:
        """So many signed receipts; the chain follows them."""
        made = []
        for _ in range(count):
            made.append(self.sign(self.receipt(**changes)))
            self.follow(made[-1])
        return made

    def send_file(self, file: object, kind: str = "text/plain") -> httpx.Response:
        content = file if isinstance(file, bytes) else json.dumps(file).encode()
        return self.client.post(
            f"/Device/v1/{self.device_id}/SubmitFile", content=content, headers={"Content-Type": kind}
        )

    def files(self, **query) -> dict:
        """SubmittedFileList of today and yesterday."""
        since, till = text(now() - timedelta(days=2)), text(now() + timedelta(days=2))
        query = {"FileUploadedFrom": since, "FileUploadedTill": till, "Offset": 0, "Limit": 50, **query}
        return self.client.get(f"/Device/v1/{self.device_id}/SubmittedFileList", params=query).json()

    def processed(self, count: int, *statuses: str) -> list[dict]:
        """The rows once so many files are in one of these states, or without any not in progress any more."""
        rows: list[dict] = []
        for _ in range(300):
            rows = self.files()["rows"]
            states = [row["fileProcessingStatus"] for row in rows]
            if len([one for one in states if one in statuses or (not statuses and one != "InProgress")]) >= count:
                return rows
            time.sleep(0.02)
        raise AssertionError(f"the files were never processed: {rows}")

    def close_body(self, **changes) -> dict:
        counters = [_counter(key, value) for key, value in sorted(self.counters.items(), key=_order) if value]
        wire = [{name: member for name, member in counter.items() if member is not None} for counter, _ in counters]
        canonical = f"{self.device_id}{self.day}{self.opened:%Y-%m-%d}" + "".join(part for _, part in counters)
        body = {
            "fiscalDayNo": self.day,
            "fiscalDayCounters": wire,
            "fiscalDayDeviceSignature": self.signature(canonical),
            "receiptCounter": self.counter,
        }
        return {**body, **changes}

    def close(self, **changes) -> dict:
        """Ask for the close and wait for its end; the status."""
        answer = self.post("CloseDay", self.close_body(**changes))
        assert answer.status_code == 200, answer.text
        return self.closed()

    def closed(self) -> dict:
        """The status once no close is under way any more."""
        for _ in range(200):
            status = self.get("GetStatus")
            if status["fiscalDayStatus"] != "FiscalDayCloseInitiated":
                return status
            time.sleep(0.02)
        raise AssertionError("the close never ended")


def line(**changes) -> dict:
    return {
        "receiptLineType": "Sale",
        "receiptLineNo": 1,
        "receiptLineHSCode": "34011100",
        "receiptLineName": "Soap",
        "receiptLinePrice": 11.55,
        "receiptLineQuantity": 1,
        "receiptLineTotal": 11.55,
        "taxPercent": 15.5,
        "taxID": 3,
        **changes,
    }


def now() -> datetime:
    """Zimbabwe's time, naive, whole seconds."""
    return datetime.fromtimestamp(int(time.time()), SHOP).replace(tzinfo=None)


def text(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


def cents(amount: object) -> int:
    return int((Decimal(str(amount)) * 100).quantize(Decimal(1), ROUND_HALF_UP))


def receipt_text(device_id: int, receipt: dict, previous: str) -> str:
    """Gateway v7.2 §18.2."""
    taxes = "".join(
        f"{tax.get('taxCode') or ''}{_percent(tax.get('taxPercent'))}"
        f"{cents(tax['taxAmount'])}{cents(tax['salesAmountWithTax'])}"
        for tax in sorted(receipt["receiptTaxes"], key=lambda tax: (tax["taxID"], tax.get("taxCode") or ""))
    )
    head = f"{device_id}{receipt['receiptType'].upper()}{receipt['receiptCurrency'].upper()}"
    date, total = receipt["receiptDate"], cents(receipt["receiptTotal"])
    return f"{head}{receipt['receiptGlobalNo']}{date}{total}{taxes}{previous}"


def _percent(percent: object) -> str:
    return "" if percent is None else f"{Decimal(str(percent)):.2f}"


_TYPES = (
    "SaleByTax",
    "SaleTaxByTax",
    "CreditNoteByTax",
    "CreditNoteTaxByTax",
    "DebitNoteByTax",
    "DebitNoteTaxByTax",
    "BalanceByMoneyType",
)
_MONEY = ("Cash", "Card", "MobileWallet", "Coupon", "Credit", "BankTransfer", "Other")


def _order(item: tuple) -> tuple:
    key, _ = item
    return _TYPES.index(key[0]), key[1], _MONEY.index(key[2]) if len(key) == 3 else key[2]


def _counter(key: tuple, value: int) -> tuple[dict, str]:
    """A counter for the wire and its part of the canonical string (§18.4)."""
    counter = {"fiscalCounterType": key[0], "fiscalCounterCurrency": key[1], "fiscalCounterValue": value / 100}
    if len(key) == 3:
        counter["fiscalCounterMoneyType"] = key[2]
        middle = key[2].upper()
    else:
        counter |= {"fiscalCounterTaxID": key[2], "fiscalCounterTaxPercent": key[3]}
        middle = _percent(key[3])
    return counter, f"{key[0].upper()}{key[1]}{middle}{value}"


def codes(answer: dict) -> dict[str, str]:
    """The validation errors of an answer: code to colour."""
    errors = answer.get("validationErrors") or []
    return {error["validationErrorCode"]: error["validationErrorColor"] for error in errors}
