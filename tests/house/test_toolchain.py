"""What the pinned versions must not do. Qt's bindings 6.12.0 lose a reference to None on each call under
Python 3.11 until the interpreter dies; short tests stay green, so the references are counted here."""

import os
import subprocess
import sys

# In a process of its own: where the fault is, it kills the interpreter that looks for it.
COUNT = """
import asyncio, sys
import qasync
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QWidget

class Source(QObject):
    fired = Signal(int)

async def main():
    window, source = QWidget(), Source()
    source.fired.connect(lambda n: None)
    before = sys.getrefcount(None), sys.getrefcount(True)
    for turn in range(2000):
        window.setWindowTitle("x")
        source.fired.emit(turn)
        await asyncio.sleep(0)
    print(before[0] - sys.getrefcount(None), before[1] - sys.getrefcount(True))

app = QApplication([])
with asyncio.Runner(loop_factory=lambda: qasync.QEventLoop(app)) as runner:
    runner.run(main())
"""


def test_qt_calls_lose_no_reference_to_none():
    done = subprocess.run(
        [sys.executable, "-c", COUNT],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    lost_none, lost_true = map(int, done.stdout.split())
    assert lost_none < 500
    assert lost_true < 500
