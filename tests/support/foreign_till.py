"""A till of another vendor, from the facts of the gateway alone: urllib, ssl, hand-made JSON and strings, RSA or EC.

Shares nothing with the product, nor with the other small till of these tests. One connection a call, as PHP does.
"""

import base64
import hashlib
import json
import ssl
import urllib.error
import urllib.request
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import NameOID

HEADERS = {"DeviceModelName": "Server", "DeviceModelVersion": "v1", "Accept": "application/json"}


class Refused(Exception):
    """An answer other than 200: `status`, and the problem's members in `said`."""

    def __init__(self, status: int, said: dict, headers) -> None:
        super().__init__(f"{status} {said}")
        self.status, self.said, self.headers = status, said, headers


class ForeignTill:
    """`kind`: ec or rsa; `device`: the entry that may register."""

    def __init__(self, url: str, ca: str, folder: Path, device: dict, *, kind: str = "ec", headers=HEADERS) -> None:
        self.url, self.device, self.headers = url, device, headers
        self.id = device["deviceID"]
        self.key = (
            ec.generate_private_key(ec.SECP256R1()) if kind == "ec" else rsa.generate_private_key(65537, key_size=2048)
        )
        self.folder = folder
        self.tls = ssl.create_default_context(cafile=ca)
        self.last_headers: dict[str, str] = {}

    # --- talking --------------------------------------------------------------------------------------------------

    def call(self, path: str, body: object = None, *, method: str | None = None, **headers: str):
        """The decoded answer, None for an empty one."""
        content = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data=content, method=method)
        given = {"Content-Type": "application/json; charset=utf-8", **self.headers, **headers}
        for name, value in given.items():
            request.add_header(name.replace("_", "-"), value)
        opener = urllib.request.build_opener(
            urllib.request.HTTPSHandler(context=self.tls), urllib.request.ProxyHandler({})
        )
        try:
            with opener.open(request, timeout=10) as answer:
                self.last_headers = {name.lower(): value for name, value in answer.headers.items()}
                text = answer.read().decode()
        except urllib.error.HTTPError as refused:
            with refused:
                raise Refused(refused.code, json.loads(refused.read()), refused.headers) from None
        return json.loads(text) if text else None

    def device_call(self, name: str, body: object = None, **more):
        return self.call(f"/Device/v1/{self.id}/{name}", body, **more)

    # --- registering ----------------------------------------------------------------------------------------------

    def request(self) -> str:
        """PKCS#10 with the line ends of Windows."""
        name = x509.Name(
            [
                x509.NameAttribute(NameOID.COUNTRY_NAME, "ZW"),
                x509.NameAttribute(NameOID.STATE_OR_PROVINCE_NAME, "Zimbabwe"),
                x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Zimbabwe Revenue Authority"),
                x509.NameAttribute(NameOID.COMMON_NAME, f"ZIMRA-{self.device['serialNo']}-{self.id:010d}"),
            ]
        )
        made = x509.CertificateSigningRequestBuilder().subject_name(name).sign(self.key, hashes.SHA256())
        return made.public_bytes(serialization.Encoding.PEM).decode().replace("\n", "\r\n")

    def register(self) -> "ForeignTill":
        key = self.device["activationKey"].swapcase()
        body = {"certificateRequest": self.request(), "activationKey": key}
        self.take_certificate(self.call(f"/Public/v1/{self.id}/RegisterDevice", body)["certificate"])
        return self

    def take_certificate(self, pem: str) -> None:
        private = self.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        file = self.folder / f"foreign-{self.id}.pem"
        file.write_bytes(private + pem.encode())
        self.tls.load_cert_chain(file)

    # --- days and receipts ----------------------------------------------------------------------------------------

    def begin(self, opened: datetime, day_no: int) -> None:
        self.opened, self.day_no, self.last = opened, day_no, opened
        self.counter, self.previous, self.sums = 0, "", {}

    def receipt(self, global_no: int, **changes) -> dict:
        """A receipt over one soap at 15.5 % with tax, signed after the changes."""
        self.last += timedelta(seconds=1)
        made = {
            "receiptType": "FiscalInvoice",
            "receiptCurrency": "USD",
            "receiptCounter": self.counter + 1,
            "receiptGlobalNo": global_no,
            "invoiceNo": f"F-{self.id}-{self.day_no}-{global_no}",
            "receiptDate": self.last.strftime("%Y-%m-%dT%H:%M:%S"),
            "receiptLinesTaxInclusive": True,
            "receiptLines": [{"receiptLineType": "Sale", "receiptLineNo": 1, "receiptLineHSCode": "34011100",
                              "receiptLineName": "Soap", "receiptLinePrice": 11.55, "receiptLineQuantity": 1,
                              "receiptLineTotal": 11.55, "taxPercent": 15.5, "taxID": 3}],
            "receiptTaxes": [{"taxPercent": 15.5, "taxID": 3, "taxAmount": 1.55, "salesAmountWithTax": 11.55}],
            "receiptPayments": [{"moneyTypeCode": "Cash", "paymentAmount": 11.55}],
            "receiptTotal": 11.55,
            "receiptPrintForm": "Receipt48",
            **changes,
        }  # fmt: skip
        taxes = sorted(made["receiptTaxes"], key=lambda tax: (tax["taxID"], tax.get("taxCode") or ""))
        parts = [str(self.id), made["receiptType"].upper(), made["receiptCurrency"], str(global_no)]
        parts += [made["receiptDate"], cents(made["receiptTotal"])]
        for tax in taxes:
            parts += [tax.get("taxCode") or "", percent(tax.get("taxPercent"))]
            parts += [cents(tax["taxAmount"]), cents(tax["salesAmountWithTax"])]
        made["receiptDeviceSignature"] = self.signed("".join(parts) + self.previous)
        return made

    def submit(self, receipt: dict) -> dict:
        answer = self.device_call("SubmitReceipt", {"receipt": receipt})
        self.count(receipt)
        return answer

    def count(self, receipt: dict) -> None:
        """The chain and the counters after a receipt that FDMS took."""
        self.counter += 1
        self.previous = receipt["receiptDeviceSignature"]["hash"]
        kind = {"FiscalInvoice": "Sale", "CreditNote": "CreditNote", "DebitNote": "DebitNote"}[receipt["receiptType"]]
        currency = receipt["receiptCurrency"]
        for tax in receipt["receiptTaxes"]:
            key = currency, tax["taxID"], tax.get("taxPercent")
            self.add((f"{kind}ByTax", *key), tax["salesAmountWithTax"])
            self.add((f"{kind}TaxByTax", *key), tax["taxAmount"])
        for payment in receipt["receiptPayments"]:
            self.add(("BalanceByMoneyType", currency, payment["moneyTypeCode"], None), payment["paymentAmount"])

    def add(self, key: tuple, amount: float) -> None:
        self.sums[key] = self.sums.get(key, 0) + int(cents(amount))

    def close_body(self) -> dict:
        """closeDay as clients in JavaScript write it: members that do not apply are null."""
        parts = [str(self.id), str(self.day_no), self.opened.strftime("%Y-%m-%d")]
        counters = []
        for (kind, currency, key, rate), value in sorted(self.sums.items(), key=lambda item: order(item[0])):
            if value == 0:
                continue
            money = kind == "BalanceByMoneyType"
            parts.append(f"{kind.upper()}{currency}{key.upper() if money else percent(rate)}{value}")
            counters.append(
                {
                    "fiscalCounterType": kind,
                    "fiscalCounterCurrency": currency,
                    "fiscalCounterTaxID": None if money else key,
                    "fiscalCounterTaxPercent": None if money else rate,
                    "fiscalCounterMoneyType": key if money else None,
                    "fiscalCounterValue": value / 100,
                }
            )
        signature = self.signed("".join(parts))
        return {
            "fiscalDayNo": self.day_no,
            "fiscalDayCounters": counters,
            "fiscalDayDeviceSignature": signature,
            "receiptCounter": self.counter,
        }

    def signed(self, text: str) -> dict:
        data = text.encode()
        if isinstance(self.key, rsa.RSAPrivateKey):
            mark = self.key.sign(data, padding.PKCS1v15(), hashes.SHA256())
        else:
            mark = self.key.sign(data, ec.ECDSA(hashes.SHA256()))
        return {
            "hash": base64.b64encode(hashlib.sha256(data).digest()).decode(),
            "signature": base64.b64encode(mark).decode(),
        }


def cents(amount: float) -> str:
    return str(round(amount * 100))


def percent(rate: float | None) -> str:
    return "" if rate is None else f"{rate:.2f}"


def order(key: tuple) -> tuple:
    kinds = (
        "SaleByTax",
        "SaleTaxByTax",
        "CreditNoteByTax",
        "CreditNoteTaxByTax",
        "DebitNoteByTax",
        "DebitNoteTaxByTax",
    )
    money = ("Cash", "Card", "MobileWallet", "Coupon", "Credit", "BankTransfer", "Other")
    if key[0] == "BalanceByMoneyType":
        return len(kinds), key[1], money.index(key[2])
    return kinds.index(key[0]), key[1], key[2]
