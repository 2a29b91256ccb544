"""A stuck day as a table: facts in, cause and first act out; and what books and FDMS tell differently."""

import pytest

from fiscalmon.domain.fiscal_day import CLOSE_ADVICE
from fiscalmon.domain.stuck_day import BookFacts, Facts, FdmsFacts, acts, cause, differences

OPEN, CLOSED, FAILED, CLOSING = (f"FiscalDay{word}" for word in ("Opened", "Closed", "CloseFailed", "CloseInitiated"))
BOOKS = BookFacts(7, OPEN, "2026-11-22T08:00:00", receipts=3, last_number=30, hours_left=20.0)
FDMS = FdmsFacts(7, OPEN, receipts=3, last_number=30, counters_agree=True)
RED = "ReceiptsWithValidationErrors"
TABLE = [
    ({}, {}, "NOTHING", []),
    ({"status": CLOSED}, {"status": CLOSED, "receipts": None, "counters_agree": None}, "NOTHING", []),
    ({}, None, "FDMS_AWAY", []),
    ({"waiting": 2}, None, "RECEIPTS_WAIT", ["send_again"]),
    ({"waiting": 2}, {"receipts": 1}, "RECEIPTS_WAIT", ["send_again"]),
    ({"waiting": 2, "blocked": "DEV01"}, {}, "QUEUE_BLOCKED", ["send_again"]),
    ({"status": CLOSING}, {}, "CLOSE_RUNNING", ["wait"]),
    ({"status": CLOSING}, {"status": CLOSED}, "CLOSE_RUNNING", ["wait"]),
    ({}, {"status": CLOSED}, "CLOSED_THERE", ["take_over"]),
    ({"status": FAILED, "closing_error": RED}, {"status": CLOSED}, "CLOSED_THERE", ["take_over"]),
    ({"status": FAILED, "closing_error": RED}, {"status": FAILED, "closing_error": RED}, RED, [None]),
    ({"status": FAILED, "closing_error": RED}, None, RED, [None]),
    ({"status": FAILED, "closing_error": "CountersMismatch"}, {}, "CountersMismatch", ["close", None]),
    ({"status": FAILED, "closing_error": "MissingReceipts", "waiting": 1}, {}, "RECEIPTS_WAIT", ["send_again"]),
    ({"status": FAILED, "closing_error": "HTTP500"}, {}, "CloseRefused", ["close", None]),
    ({"hours_left": -0.5}, {}, "DAY_TOO_LONG", ["close"]),
    ({"status": CLOSED}, {"day_no": 8}, "UNKNOWN_DAY", ["recover", None]),
    ({"day_no": None, "status": CLOSED}, {"status": FAILED}, "UNKNOWN_DAY", ["recover", None]),
    ({"adopted": True, "status": FAILED, "closing_error": "BadCertificateSignature"}, {"status": FAILED},
     "UNKNOWN_DAY", ["recover", None]),
    ({"adopted": True, "status": FAILED, "closing_error": RED}, {"status": FAILED}, RED, [None]),
    ({"last_number": 28}, {}, "BOOKS_BEHIND", [None, None]),
    ({"last_number": 28, "waiting": 2}, {"status": FAILED}, "BOOKS_BEHIND", [None, None]),
    ({"last_number": 28}, {"status": CLOSED}, "CLOSED_THERE", ["take_over"]),
    ({"last_number": 28, "status": CLOSED}, {"status": CLOSED}, "NOTHING", []),
    ({"announced": False}, {}, "DAY_NUMBER_TAKEN", [None]),
    ({"announced": False}, {"status": CLOSED}, "DAY_NUMBER_TAKEN", [None]),
    ({"announced": False}, {"status": CLOSED, "day_no": 6}, "NOTHING", []),
    ({"announced": False}, {"status": CLOSED, "day_no": None}, "NOTHING", []),
    ({"announced": False, "day_no": 1}, {"status": CLOSED, "day_no": None}, "NOTHING", []),
    ({"adopted": True}, {}, "UNKNOWN_DAY", ["recover", None]),
    ({"status": FAILED, "closing_error": RED}, {"day_no": 8}, "UNKNOWN_DAY", ["recover", None]),
    ({}, {"last_number": None}, "NOTHING", []),
    ({"last_number": 0}, {"last_number": None}, "NOTHING", []),
    ({"blocked": "DEV01"}, {}, "NOTHING", []),
    ({"waiting": 1, "blocked": "DEV01"}, {}, "QUEUE_BLOCKED", ["send_again"]),
    ({"waiting": 1}, {}, "RECEIPTS_WAIT", ["send_again"]),
    ({"hours_left": 0.0}, {}, "NOTHING", []),
    ({"hours_left": 0.5}, {}, "NOTHING", []),
    ({"hours_left": None}, {}, "NOTHING", []),
]  # fmt: skip


def facts(books, fdms) -> Facts:
    blocked = books.get("blocked")
    ours = BOOKS._replace(**{name: value for name, value in books.items() if name != "blocked"})
    return Facts(ours, None if fdms is None else FDMS._replace(**fdms), blocked)


@pytest.mark.parametrize(("books", "fdms", "code", "names"), TABLE)
def test_facts_have_one_cause_and_its_acts(books, fdms, code, names):
    given = facts(books, fdms)
    found = cause(given)
    assert found.code == code
    assert found.text.endswith((".", "DEV01"))
    assert [act.name for act in acts(given, found)] == names


@pytest.mark.parametrize("code", CLOSE_ADVICE)
def test_every_reason_of_fdms_has_its_cause(code):
    given = facts({"status": FAILED, "closing_error": code}, {"status": FAILED, "closing_error": code})
    assert cause(given).code == code
    assert acts(given, cause(given))


@pytest.mark.parametrize(
    ("books", "fdms", "names"),
    [
        ({}, {}, []),
        ({}, None, []),
        ({"waiting": 1}, {"receipts": 2}, []),
        ({}, {"receipts": 2}, ["receipts"]),
        ({}, {"counters_agree": False}, ["fiscalDayCounters"]),
        ({}, {"last_number": 29}, []),
        ({"last_number": 0}, {"last_number": None}, []),
        ({}, {"receipts": None, "counters_agree": None}, []),
        ({}, {"last_number": 31}, ["lastReceiptGlobalNo"]),
        ({"adopted": True, "receipts": 0}, {"counters_agree": False}, []),
        ({}, {"day_no": 8, "status": FAILED, "closing_error": "X"},
         ["fiscalDayNo", "fiscalDayStatus", "fiscalDayClosingErrorCode"]),
    ],
)  # fmt: skip
def test_differences_are_marked(books, fdms, names):
    assert [row[0] for row in differences(facts(books, fdms))] == names


def test_red_receipts_are_named_where_they_are_known():
    failed = {"status": FAILED, "closing_error": RED}
    unnamed = cause(facts(failed, failed)).text
    assert unnamed == "Day 7 holds receipts that FDMS marked Red: the device can no longer close it."
    assert "marked Red (28, 30): the" in cause(facts({**failed, "red": (28, 30)}, failed)).text


def test_books_that_know_nothing_claim_nothing():
    books = BookFacts(None, CLOSED)
    assert (books.receipts, books.last_number, books.waiting, books.red) == (0, 0, 0, ())
    assert (books.adopted, books.announced, books.hours_left) == (False, True, None)
