"""What a POS is promised about its sales: what is the same sale, what stops one, and how one without a name is told."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from fiscalmon.domain.errors import SaleConflict, SaleRefused
from fiscalmon.domain.localtime import local_text
from tests.support.books import sale
from tests.support.tills import new_device


async def test_a_sale_from_before_the_opening_is_yellow_and_goes_through(till):
    made = local_text(datetime.now(UTC) - timedelta(hours=1))
    found = await till.engine.till.check(sale("early", deviceID=till.id, receiptDate=made))
    assert [(error["code"], error["color"]) for error in found["errors"]] == [("RCPT014", "Yellow")]
    (sold,) = await till.sell(receiptDate=made)
    await till.drained()
    settled = await till.engine.till.receipt(sold["receiptId"])
    assert (settled["receiptDate"], settled["status"]) == (made, "completed")
    assert [error["code"] for error in settled["validationErrors"]] == ["RCPT014"]


async def test_a_date_in_the_future_is_refused_though_fdms_calls_it_yellow(till):
    with pytest.raises(SaleRefused) as refused:
        await till.sell(receiptDate="2090-01-01T00:00:00")
    assert "RCPT031" in [error["code"] for error in refused.value.errors]
    assert till.fdms.ledger(till.id)["receipts"] == []


async def test_how_amounts_are_written_and_who_takes_the_sale_is_no_content(till, fdms):
    second = await till.register(new_device(fdms))
    given = sale(f"{till.id}-same")
    first = await till.engine.operations.run("submit", {"sale": given, "deviceID": till.id})
    written = json.loads(json.dumps(given), parse_float=str)
    for line in written["receiptLines"]:
        line["receiptLinePrice"] = f"{float(line['receiptLinePrice']):.4f}"
    again = await till.engine.operations.run("submit", {"sale": written, "deviceID": second})
    assert (again["receiptId"], again["deviceID"], again["repeated"]) == (first["receiptId"], till.id, True)
    with pytest.raises(SaleConflict):
        await till.engine.operations.run("submit", {"sale": {**given, "deviceID": second}})


@pytest.mark.parametrize("given", ["{oops", 5, None, [], {}, {"saleId": 7}])
async def test_what_has_no_saleid_is_refused_without_inventing_one(till, given):
    with pytest.raises(SaleRefused) as refused:
        await till.engine.operations.run("submit", {"sale": given})
    assert refused.value.sale_id is None
    assert set(refused.value.errors[0]) == {"code", "color", "advice", "field"}
