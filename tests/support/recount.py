"""The live figures counted anew from what support reads in v_receipts and the outbox: what a snapshot must equal.

Shares no code with the folds that it judges.
"""

import json
from collections import Counter, defaultdict
from datetime import timedelta, timezone
from decimal import Decimal

from fiscalmon.domain.localtime import utc_text

SHOP_TIME = timezone(timedelta(hours=2))


def counted(rows, now, devices) -> dict:
    """Every figure that comes of receipts, from all rows, by the contract's words alone. `rows` asks the database."""
    today = now.astimezone(SHOP_TIME).date()
    week = [(today - timedelta(days=back)).isoformat() for back in range(6, -1, -1)]
    receipts = rows("SELECT deviceID, receiptDate, receiptCurrency, receiptTotal, receiptTaxes, status FROM v_receipts")
    sold, hours, bands = defaultdict(Decimal), [0] * 24, defaultdict(Decimal)
    per_day, completed, failed = Counter(), Counter(), Counter()
    for device, date, currency, total, taxes, status in receipts:
        if device not in devices:
            continue
        day = date[:10]
        per_day[day] += 1
        completed[day] += status == "completed"
        failed[day] += status == "failed"
        if day == today.isoformat():
            sold[currency] += Decimal(total)
            hours[int(date[11:13])] += 1
            for tax in json.loads(taxes, parse_float=Decimal):
                percent = tax.get("taxPercent")
                name = "Exempt" if percent is None else f"{Decimal(percent).normalize():f}%"
                bands[currency, name] += tax["taxAmount"]
    # The window moves by whole minutes.
    since = utc_text(now - timedelta(hours=24))[:16]
    # A receipt that FDMS will never take has an end, but no answer whose time could be counted.
    settled = rows("SELECT device_id, settled_at, latency_ms, status FROM outbox WHERE settled_at IS NOT NULL")
    ends = [(latency, status) for device, at, latency, status in settled if device in devices and at[:16] > since]
    latencies = [latency for latency, _ in ends if latency is not None]
    won = sum(status == "completed" for _, status in ends)
    main = max(sold, key=lambda currency: (sold[currency], currency), default=None)
    by_currency = {
        currency: {name: amount for (other, name), amount in bands.items() if other == currency}
        for currency in {currency for currency, _ in bands}
    }
    return {
        "receiptsToday": per_day[today.isoformat()],
        "failedReceipts": failed[today.isoformat()],
        "successRate": rate(won, len(ends) - won),
        "avgLatencyMs": round(sum(latencies) / len(latencies)) if latencies else 0,
        "sales": dict(sold),
        "receiptsPerHour": hours,
        "taxBreakdownCurrency": main,
        "taxBreakdown": by_currency.get(main, {}),
        "taxBreakdownByCurrency": by_currency,
        "successRate7d": [
            {"date": day, "rate": rate(completed[day], failed[day]), "receipts": per_day[day]} for day in week
        ],
    }


def rate(won: int, lost: int) -> float:
    return 100.0 if not won + lost else float(round(Decimal(won * 100) / Decimal(won + lost), 1))


def figures(snapshot: dict) -> dict:
    """The same members of a snapshot, bands as a mapping."""

    def mapped(bands: list) -> dict:
        assert len({band["band"] for band in bands}) == len(bands)
        return {band["band"]: band["amount"] for band in bands}

    by_currency = {currency: mapped(bands) for currency, bands in snapshot["taxBreakdownByCurrency"].items()}
    bands = mapped(snapshot["taxBreakdown"])
    names = ("receiptsToday", "failedReceipts", "successRate", "avgLatencyMs", "sales", "receiptsPerHour",
             "taxBreakdownCurrency", "successRate7d")  # fmt: skip
    return {**{name: snapshot[name] for name in names}, "taxBreakdown": bands, "taxBreakdownByCurrency": by_currency}
