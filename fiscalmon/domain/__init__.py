"""Pure values and rules of fiscal receipts. Knows no I/O, no clock, no asyncio: time and ids are arguments."""
