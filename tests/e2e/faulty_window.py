"""`fiscalmon app` with two faults: F11 raises in Qt's slot, F5 in a coroutine. For a test to start."""

import sys

from fiscalmon.__main__ import main
from ui.acts import Acts
from ui.theme import Theme


def broken_slot(_: Theme) -> None:
    raise ValueError("<b>a colour</b> is not there")


async def broken_act(_: Acts) -> None:
    raise LookupError("the figures are not there")


Theme.toggle = broken_slot
Acts._refresh = broken_act
sys.exit(main())
