"""What must hold for any sale that comes to FDMS: valid ones are clean, changed ones are caught, counters add up."""

import base64
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from fiscalmon.domain.counters import fold, from_totals
from fiscalmon.domain.drafting import draft
from fiscalmon.domain.receipt import NoteReference, SignatureData
from fiscalmon.domain.sale import decode_sale
from fiscalmon.simulator.closing import recount_day
from fiscalmon.simulator.ledger import Ledger
from tests.support.simulation import KEY, codes
from tests.unit.domain.samples import CONFIG, EXEMPT, NOW, STANDARD, WITHHOLDING, ZERO_RATED, line, receipt_of
from tests.unit.domain.test_properties import sales

# The device is one for all examples; each example starts it over.
bounded = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
A_LOT = "99999999999.00"


def drafts(device, data):
    """The sale as a draft; a note refers to a receipt that was sold before, large enough for it."""
    made = draft(decode_sale(data), CONFIG, NOW)
    if made.type == "FiscalInvoice":
        return made
    taxes = (EXEMPT, ZERO_RATED, STANDARD, WITHHOLDING)
    original = receipt_of(*[line(A_LOT, tax, hs_code="49019900") for tax in taxes], currency=made.currency)
    answer = device.sell(original)
    assert codes(answer) == {}
    return replace(made, reference=NoteReference(receipt_id=answer.receipt_id))


@bounded
@given(sales())
def test_a_valid_sale_is_clean(device, data):
    device.start_over()
    answer = device.sell(drafts(device, data))
    assert codes(answer) == {}


@bounded
@given(sales(), st.data())
def test_a_changed_signed_member_is_caught(device, data, draw):
    """Any one of the members that §18.2 signs, changed after signing."""
    device.start_over()
    signed = device.sign(device.placed(drafts(device, data)))
    assert "RCPT020" not in codes(device.submit(signed))
    device.start_over()
    bent = draw.draw(st.sampled_from(sorted(BENT)))
    answer = device.submit(BENT[bent](device.sign(device.placed(drafts(device, data))), draw.draw))
    assert codes(answer)["RCPT020"] == "Red"


def _other(values, current):
    return st.sampled_from([value for value in values if value != current])


def _amount(current, draw):
    return current + Decimal(draw(st.integers(1, 10**6) | st.integers(-(10**6), -1))).scaleb(-2)


def _bend_tax(receipt, draw, member):
    index = draw(st.integers(0, len(receipt.taxes) - 1))
    taxes = list(receipt.taxes)
    tax = taxes[index]
    if member == "percent":
        other = draw(_other([None, Decimal(0), Decimal(5), Decimal(15), Decimal("15.5")], tax.percent))
    elif member == "tax_code":
        other = draw(_other([None, "A", "B", "Z9"], tax.tax_code))
    else:
        other = _amount(getattr(tax, member), draw)
    taxes[index] = replace(tax, **{member: other})
    return replace(receipt, taxes=tuple(taxes))


def _bend_bytes(text, draw):
    raw = bytearray(base64.b64decode(text))
    raw[draw(st.integers(0, len(raw) - 1))] ^= draw(st.integers(1, 255))
    return base64.b64encode(bytes(raw)).decode()


def _bend_signature(receipt, draw, member):
    given_one = receipt.signature
    return replace(receipt, signature=replace(given_one, **{member: _bend_bytes(getattr(given_one, member), draw)}))


def _raw_signature(receipt, draw):
    """r||s instead of DER (§18.1)."""
    size = draw(st.sampled_from([64, 70, 256]))
    return replace(receipt, signature=SignatureData(receipt.signature.hash, base64.b64encode(b"\1" * size).decode()))


BENT = {
    "type": lambda r, draw: replace(r, type=draw(_other(["FiscalInvoice", "CreditNote", "DebitNote"], r.type))),
    "currency": lambda r, draw: replace(r, currency=draw(_other(["USD", "ZWG", "ZAR"], r.currency))),
    "number": lambda r, draw: replace(r, global_no=draw(_other(range(1, 50), r.global_no))),
    "date": lambda r, draw: replace(r, date=r.date[:-2] + draw(_other(["07", "33", "58"], r.date[-2:]))),
    "total": lambda r, draw: replace(r, total=_amount(r.total, draw)),
    "tax percent": lambda r, draw: _bend_tax(r, draw, "percent"),
    "tax code": lambda r, draw: _bend_tax(r, draw, "tax_code"),
    "tax amount": lambda r, draw: _bend_tax(r, draw, "amount"),
    "sales with tax": lambda r, draw: _bend_tax(r, draw, "sales_with_tax"),
    "a tax left out": lambda r, draw: replace(r, taxes=r.taxes[1:]),
    "hash": lambda r, draw: _bend_signature(r, draw, "hash"),
    "signature": lambda r, draw: _bend_signature(r, draw, "signature"),
    "raw signature": _raw_signature,
}


def test_another_device_or_another_chain_is_caught(fresh):
    first = fresh.sell(receipt_of(line("11.55")))
    assert codes(first) == {}
    wrong_link = fresh.sign(fresh.placed(receipt_of(line("11.55"))), previous="A" * 43 + "=")
    assert codes(fresh.submit(wrong_link)) == {"RCPT020": "Red"}
    fresh.device_id += 1
    try:
        signed_for_another = fresh.sign(receipt_of(line("11.55"), counter=3, global_no=3, date="2026-03-02T09:00:00"))
    finally:
        fresh.device_id -= 1
    assert codes(fresh.submit(replace(signed_for_another, invoice_no="x"))) == {"RCPT020": "Red"}


@settings(bounded, max_examples=15)
@given(st.lists(st.tuples(sales(), st.sampled_from([None, "total", "tax amount", "type"])), max_size=5), st.data())
def test_counters_are_always_the_sum_of_the_day(device, day, draw):
    """Whatever came, valid or not, counts once; after a restart and in the recount of a close as well."""
    device.start_over()
    sold = []
    for data, bent in day:
        signed = device.sign(device.placed(draft(decode_sale(data), CONFIG, NOW)))
        if bent is not None:
            signed = BENT[bent](signed, draw.draw)
        for _ in range(2):  # a lost answer: the same receipt again
            device.submit(signed)
        sold.append(signed)
    simulation, book = device.simulation, device.book
    expected = {key: value for key, value in fold(sold).items() if value}
    assert from_totals(book.chain.totals) == from_totals(expected)
    recount = recount_day(simulation.archive.path, device.device_id, book.day.no)
    assert {key: value for key, value in recount.totals.items() if value} == expected
    assert recount.last_counter == len(sold)
    restarted = Ledger(simulation.archive, simulation.clock).books[device.device_id]
    assert from_totals(restarted.chain.totals) == from_totals(expected)
    assert sum(kind.quantity for kind in book.chain.document_quantities()) == len(sold)


def test_the_key_is_an_elliptic_one():
    """The table above bends DER; should the key become RSA, it has to be looked at anew."""
    assert KEY.curve.name == "secp256r1"
