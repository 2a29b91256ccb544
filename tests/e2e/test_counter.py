"""A cashier's day at the real window, FDMS's simulator and a printer, by keys alone: what was rung up is at FDMS."""

from __future__ import annotations

import json
from decimal import Decimal as D
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.e2e.conftest import ReadyTill
from tests.e2e.program import SCREENS, Program, books, fiscalmon, run, until
from tests.e2e.screen import Screen

MILK, BREAD, SOAP = "6001000000017", "6001000000024", "6001000000048"
LIST = f"""sku,barcode,name,hs code,tax,price USD
M2,{MILK},MILK 2 L,04012000,15.5%,2.49
B1,{BREAD},BREAD WHITE 700 G,19059000,exempt,1.10
S1,{SOAP},SOAP 250 G,34011100,15.5%,1.35
"""


class Cashier:
    """Hands on the keys of one till. What is on the screen is read from the books and from the windows' titles."""

    def __init__(self, screen: Screen, app: Program, till: ReadyTill) -> None:
        self.screen, self.app, self.till = screen, app, till
        self.window = screen.window("fiscalmon", app)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.screen.press(self.window, key)

    def enter(self, text: str) -> None:
        self.screen.type(self.window, f"{text}\n")

    def sheet(self, title: str) -> str:
        return self.screen.window(title, self.app)

    def gone(self, title: str) -> None:
        until(lambda: not self.screen.windows(title), f"{title!r} to be gone")

    def rung(self, lines: list[str], **more: Any) -> None:
        """Waits until the sale on the screen, as the books keep it, is just these."""

        def holds() -> bool:
            sale = self.sale()
            return [line["name"] for line in sale.get("lines", ())] == lines and all(
                sale.get(name) == value for name, value in more.items()
            )

        until(holds, f"{lines} on the screen, not {self.sale()}")

    def sale(self) -> dict[str, Any]:
        rows = books(self.till.folder, "SELECT content FROM open_sales WHERE state <> 'held'")
        return json.loads(rows[0]["content"]) if rows else {}

    def settled(self, many: int) -> list[dict[str, Any]]:
        """FDMS's own receipts, awaited."""
        ledger = f"{self.till.control}/ledger/{self.till.device}"
        return until(
            lambda: (
                found
                if len(found := httpx.get(ledger, trust_env=False).json()["receipts"]) == many
                and len(books(self.till.folder, "SELECT 1 FROM v_receipts WHERE status = 'completed'")) == many
                else None
            ),
            f"{many} receipts at FDMS",
        )


@pytest.mark.timeout(400)  # typed by hand, slower than a scanner
def test_a_day_at_the_counter_by_keys_alone(till: ReadyTill, tmp_path: Path) -> None:
    here = ("--data-dir", till.folder)
    listed = tmp_path / "list.csv"
    listed.write_text(LIST)
    run(*here, "products", "import", listed)
    run(*here, "settings", "set", "counter", 'rates={"ZWG": "26.9"}')
    with (
        Screen(1024, 768) as screen,
        fiscalmon("printer-emulator", "--json", "--family", "escpos", env=screen.env) as printer,
    ):
        port = printer.line()["port"]
        run(*here, "printer", "add", "slips", "--family", "escpos", "--port", port, "--device", till.device)
        with fiscalmon(*here, "app", env=screen.env) as app:
            cashier = Cashier(screen, app, till)
            until(lambda: (till.folder / "engine.json").exists(), "the engine")
            a_sale_in_two_currencies(cashier, screen)
            notes_on_it(cashier, screen)
            held_and_printed_again(cashier, screen)
            assert app.complaints() == ""


def a_sale_in_two_currencies(cashier: Cashier, screen: Screen) -> None:
    until(lambda: opened(cashier, screen), "the sale page")
    screen.scan(cashier.window, MILK)
    cashier.rung(["MILK 2 L"])
    cashier.enter("3*bread")
    cashier.rung(["MILK 2 L", "BREAD WHITE 700 G"])
    cashier.enter("-10%")
    until(lambda: cashier.sale()["lines"][1].get("off"), "the discount")
    cashier.press("alt+b")
    sheet = cashier.sheet("Buyer")
    screen.type(sheet, "Moyo & Sons\n2000417788\n" + 6 * "\n")
    screen.picture(SCREENS / "counter-1-buyer.png")
    cashier.gone("Buyer")
    until(lambda: cashier.sale().get("buyer"), "the buyer")
    screen.picture(SCREENS / "counter-1-rung-up.png")
    cashier.press("Return")  # to the money
    cashier.press("alt+y", "Down", "Return", "Return")  # card, in the sale's money
    screen.type(cashier.window, "2\n")
    until(lambda: cashier.sale().get("tenders"), "the card")
    cashier.press("alt+y", "Up", "Return", "Down", "Return")  # cash, in ZWG
    screen.picture(SCREENS / "counter-2-two-currencies.png")
    screen.type(cashier.window, "100\n")
    (receipt,) = cashier.settled(1)
    screen.picture(SCREENS / "counter-3-sold.png")
    total = D("2.49") + D("3.30") - D("0.33")
    assert (D(str(receipt["receiptTotal"])), receipt["receiptCurrency"]) == (total, "USD")
    (kept,) = cashier_receipt(cashier, 1)
    payments = {one["moneyTypeCode"]: D(str(one["paymentAmount"])) for one in kept["receiptPayments"]}
    assert payments == {"Card": D(2), "Cash": total - 2} and "100 ZWG" in kept["receiptNotes"]
    assert kept["buyerData"]["buyerRegisterName"] == "Moyo & Sons"


def opened(cashier: Cashier, screen: Screen) -> bool:
    """F2 until the engine is open and takes it: then a line that is typed is in the books."""
    cashier.press("F2")
    cashier.enter("soap")
    screen.picture(SCREENS / "counter-0-begin.png")
    if not cashier.sale().get("lines"):
        return False
    cashier.press("alt+n")
    until(lambda: not cashier.sale().get("lines"), "an empty sale")
    return True


def notes_on_it(cashier: Cashier, screen: Screen) -> None:
    cashier.press("alt+k")
    screen.type(cashier.sheet("Credit note on which receipt?"), "1\n")
    sheet = cashier.sheet("Credit note on receipt 1")
    screen.type(sheet, "Stale")
    screen.picture(SCREENS / "counter-4-credit.png")
    for key in ("Tab", "Tab", "space"):
        screen.press(sheet, key)
    _, credit = cashier.settled(2)
    assert (credit["receiptType"], D(str(credit["receiptTotal"]))) == ("CreditNote", D("-5.46"))
    cashier.gone("Credit note")
    cashier.press("alt+e")
    screen.type(cashier.sheet("Debit note on which receipt?"), "1\n")
    sheet = cashier.sheet("Debit note on receipt 1")
    screen.press(sheet, "Tab")  # the first line it is
    screen.press(sheet, "Tab")  # by its own name
    screen.type(sheet, "0.40\n\nWrong price")
    screen.picture(SCREENS / "counter-5-debit.png")
    screen.type(sheet, "\n")
    cashier.gone("Debit note on")
    cashier.rung(["MILK 2 L"], type="DebitNote")
    cashier.press("Return")
    screen.type(cashier.window, "1\n")
    receipts = cashier.settled(3)
    assert (receipts[2]["receiptType"], D(str(receipts[2]["receiptTotal"]))) == ("DebitNote", D("0.40"))
    assert [one["validationErrors"] for one in receipts] == [[], [], []]


def held_and_printed_again(cashier: Cashier, screen: Screen) -> None:
    screen.scan(cashier.window, SOAP)
    cashier.rung(["SOAP 250 G"])
    cashier.press("alt+h")
    screen.type(cashier.sheet("Put the sale aside"), "forgot her purse\n")
    until(lambda: not cashier.sale().get("lines"), "an empty sale")
    screen.scan(cashier.window, MILK)  # the next customer
    cashier.rung(["MILK 2 L"])
    cashier.press("Return")
    screen.type(cashier.window, "2.49\n")
    cashier.settled(4)
    cashier.press("alt+r")
    screen.press(cashier.sheet("Held sales"), "Return")
    cashier.rung(["SOAP 250 G"])
    cashier.press("Return")
    screen.type(cashier.window, "5\n")
    assert [D(str(one["receiptTotal"])) for one in cashier.settled(5)][3:] == [D("2.49"), D("1.35")]
    cashier.press("alt+l")
    here = ("--data-dir", cashier.till.folder)

    def printed() -> bool:
        jobs = [(one["receiptGlobalNo"], one["kind"], one["state"]) for one in run(*here, "printer", "jobs", "slips")]
        return (5, "copy", "printed") in jobs and {(n, "receipt", "printed") for n in range(1, 6)} <= set(jobs)

    until(printed, "five slips and a copy of the last")
    screen.picture(SCREENS / "counter-6-again.png")


def cashier_receipt(cashier: Cashier, number: int) -> list[dict[str, Any]]:
    """The receipt as FDMS got it."""
    rows = books(cashier.till.folder, "SELECT receiptId FROM v_receipts WHERE receiptGlobalNo = ?", number)
    return [run("--data-dir", cashier.till.folder, "receipts", "show", row["receiptId"])[0]["receipt"] for row in rows]
