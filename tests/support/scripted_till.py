"""A till for tests of the server: the engine's methods on a real bus, with answers that a test can set.

Three devices. No database, no signing: what the engine does is tested with the engine.
"""

import asyncio
import json

from fiscalmon.bus import Bus
from fiscalmon.domain.errors import UnknownAlert, UnknownDevice, UnknownReceipt
from fiscalmon.events import HELLO, LASTING, METRICS_UPDATED, Message

AT = "2026-11-22T12:00:00.000Z"
DEVICES = (101, 102, 103)
BUYER = {"buyerRegisterName": "Tariro Moyo", "buyerTIN": "2000123456", "buyerContacts": {"email": "t@moyo.example"}}


class ScriptedHistory:
    """Days gone by, of a ScriptedTill."""

    def __init__(self, till):
        self._till = till

    async def day(self, day, devices=None, device_id=None):
        seen = [d for d in DEVICES if (devices is None or d in devices) and device_id in (None, d)]
        return {"day": day or AT[:10], "devices": [{"deviceID": d, "receipts": 1} for d in seen], "receipts": len(seen)}

    async def events_before(self, before, limit, devices=None):
        return [m.as_dict() for m in self._till._since(0, devices) if m.seq < before][-limit:]

    async def receipts_csv(self, *, devices=None, **wanted):
        yield "receiptId,deviceID\r\n"
        for known in self._till.known.values():
            if (devices is None or known["deviceID"] in devices) and wanted["device"] in (None, known["deviceID"]):
                yield f"{known['receiptId']},{known['deviceID']}\r\n"


class ScriptedAlerts:
    """One alert of device 101, and one about the till's doors."""

    def __init__(self):
        self.held = [_alert("a1", "queue-waiting", 101), _alert("a2", "sign-in", None)]

    async def listed(self, *, limit=50, devices=None, office=True):
        return [one for one in self.held if self._seen(one, devices, office)][:limit]

    async def acknowledge(self, alert_id, *, by, devices=None, office=True):
        for one in self.held:
            if one["alertId"] == alert_id and self._seen(one, devices, office):
                one.update(state="acknowledged", acknowledgedAt=AT, acknowledgedBy=by)
                return one
        raise UnknownAlert(f"There is no alert {alert_id!r} here.")

    def _seen(self, one, devices, office):
        number = one["deviceID"]
        return (office or one["rule"] != "sign-in") and (devices is None or number is None or number in devices)


def _alert(alert_id, rule, device_id):
    return {
        "alertId": alert_id,
        "rule": rule,
        "title": "Receipts wait too long",
        "grave": True,
        "subject": str(device_id or ""),
        "deviceID": device_id,
        "reason": "Look whether the Internet works.",
        "state": "open",
        "raisedAt": AT,
        "resolvedAt": None,
        "acknowledgedAt": None,
        "acknowledgedBy": None,
    }


class ScriptedWaiting:
    """Nothing waits here."""

    def __init__(self, till):
        self.till = till

    async def send_now(self, devices=None, device_id=None):
        self.till._check(device_id, devices)
        return {"devices": 0, "receipts": 0}


class ScriptedTill:
    """`submitted`: (sale, wait, devices) of each sale. `fail`: an error that the next call raises."""

    def __init__(self):
        self.bus = Bus()
        self.log = []
        self.submitted = []
        self.days = []
        self.known = {}
        self.fail = None
        self.health = "ok"
        # Whether it leaves it to the gate to know whose devices are whose.
        self.trusting = False
        # Reading a hello takes the engine its time: what is sent meanwhile must wait for it.
        self.greets_after = 0.02
        self.bound = 1_000
        self.replay_at_most = 1_000
        self._greetings = set()
        self.history = ScriptedHistory(self)
        self.waiting = ScriptedWaiting(self)
        self.alerts = ScriptedAlerts()

    def tell(self, type_, device_id, **data):
        seq = self.bus.last_seq + 1 if type_ in LASTING else self.bus.last_seq
        message = Message(type_, seq, AT, device_id, {"deviceID": device_id, **data})
        if type_ in LASTING:
            self.log.append(message)
        self.bus.publish(message)
        return message

    def tell_metrics(self):
        self.bus.publish(Message(METRICS_UPDATED, self.bus.last_seq, AT, None, self._snapshot(None)))

    def _snapshot(self, devices):
        seen = [d for d in DEVICES if devices is None or d in devices]
        return {
            "activeDevices": len(seen),
            "totalDevices": len(seen),
            "receiptsToday": sum(seen),
            "failedReceipts": 0,
            "successRate": 100.0,
            "avgLatencyMs": 12,
            "sales": {"USD": 4.98},
            "taxBreakdownByCurrency": {"USD": [{"band": "15.5%", "amount": 0.67}]},
            "fiscalDayStatus": {"FiscalDayOpened": len(seen)},
            "queueDepth": 0,
            "certificates": [{"deviceID": d, "notAfter": AT, "daysLeft": 41} for d in seen],
            "seq": self.bus.last_seq,
        }

    def _raise(self):
        if self.fail is not None:
            failure, self.fail = self.fail, None
            raise failure

    def _check(self, device_id, devices):
        if device_id not in DEVICES or (not self.trusting and devices is not None and device_id not in devices):
            raise UnknownDevice(f"There is no device {device_id} on this till.")

    async def snapshot(self, devices=None):
        self._raise()
        return self._snapshot(devices)

    async def devices(self, devices=None):
        return [{"deviceID": d, "health": self.health} for d in DEVICES if devices is None or d in devices]

    async def device(self, device_id, devices=None):
        self._check(device_id, devices)
        return {"deviceID": device_id, "health": "ok", "counters": [], "lastReceipts": []}

    async def events(self, *, after=0, limit=50, devices=None):
        return [m.as_dict() for m in self._since(after, devices)][:limit]

    def _since(self, after, devices):
        return [m for m in self.log if m.seq > after and (devices is None or m.device_id in devices)]

    def subscribe(self, *, devices=None, after=None):
        subscription = self.bus.subscribe(devices, self.bound, held=True)
        greeting = asyncio.ensure_future(self._greet(subscription, after, devices))
        self._greetings.add(greeting)
        greeting.add_done_callback(self._greetings.discard)
        return subscription

    async def _greet(self, subscription, after, devices):
        await asyncio.sleep(self.greets_after)
        missed = None if after is None or after > self.bus.last_seq else self._since(after, devices)
        if missed is None or len(missed) > self.replay_at_most:
            events = [m.as_dict() for m in self._since(0, devices)][-50:]
            data = {"metrics": self._snapshot(devices), "events": events, "seq": self.bus.last_seq}
            missed = [Message(HELLO, self.bus.last_seq, AT, None, data)]
        subscription.put_first(missed)

    async def submit(self, sale, *, wait="signed", devices=None, default_device=None):
        self._raise()
        self.submitted.append((sale, wait, devices, default_device))
        content = json.loads(sale)
        device_id = content.get("deviceID") or default_device or DEVICES[0]
        self._check(device_id, devices)
        receipt_id = f"r-{content['saleId']}"
        repeated = receipt_id in self.known
        self.known.setdefault(
            receipt_id,
            {"receiptId": receipt_id, "saleId": content["saleId"], "deviceID": device_id, "status": "signed"},
        )
        return {**self.known[receipt_id], "repeated": repeated}

    async def receipts(self, *, limit=50, before=None, devices=None, **wanted):
        items = [r for r in self.known.values() if devices is None or r["deviceID"] in devices]
        items = [{**r, "receipt": {"buyerData": BUYER, "receiptNotes": "Tariro"}} for r in items]
        return {"items": items[:limit], "next": 7 if len(items) > limit else None}

    async def receipt(self, receipt_id, devices=None):
        found = self.known.get(receipt_id)
        if found is None or (devices is not None and found["deviceID"] not in devices):
            raise UnknownReceipt(f"There is no receipt {receipt_id} on this till.")
        return {**found, "receipt": {"buyerData": BUYER, "receiptTotal": 4.98}}

    async def open_day(self, device_id, devices=None):
        self._check(device_id, devices)
        self.days.append(("open", device_id))
        return {"deviceID": device_id, "fiscalDayNo": 1, "fiscalDayStatus": "FiscalDayOpened"}

    async def close_day(self, device_id, devices=None, *, wait=True):
        self._check(device_id, devices)
        self.days.append(("close", device_id, wait))
        return {"deviceID": device_id, "fiscalDayNo": 1, "fiscalDayStatus": "FiscalDayClosed"}
