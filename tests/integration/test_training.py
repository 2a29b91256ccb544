"""A training till: FDMS's simulator as a child, books of its own, slips in the name TRAINING; kept over a restart."""

from fiscalmon.data_folder import TRAINING, DataFolder
from fiscalmon.documents.slip import slip_text
from fiscalmon.training import DEVICE, SHOP, Training
from tests.support.books import sale


async def test_a_sale_in_training_is_accepted_by_the_simulator_and_says_so_on_paper(tmp_path):
    folder = DataFolder(tmp_path / TRAINING)
    running = await Training.start(folder)
    try:
        assert folder.path.parent == tmp_path and running.training
        result = await running.till.submit(sale("T-1"), wait="completed")
        assert (result["status"], result["deviceID"]) == ("completed", DEVICE)
        document = await running.till.reports.receipt_document(result["receiptId"])
        assert SHOP in slip_text(document, 48).splitlines()[0]
        assert "TRAINING" in slip_text(document, 32).splitlines()[0]
    finally:
        await running.stop()
    again = await Training.start(folder)
    try:
        assert (await again.till.submit(sale("T-2"), wait="completed"))["receiptGlobalNo"] == 2
    finally:
        await again.stop()
