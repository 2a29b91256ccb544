"""A printer on a real pseudo-terminal, and a host that speaks to it."""

import pytest

from tests.support.emulated_printer import host, running


@pytest.fixture
def start(tmp_path):
    """`start(family, dialect, **wishes)` gives (printer, host); both end with the test."""
    open_ones = []

    def begin(family="fp1", dialect="datecs", **more):
        folder = tmp_path / str(len(open_ones))
        folder.mkdir()
        one = running(folder, family, dialect, **more)
        printer = one.__enter__()
        other = host(printer.port)
        open_ones.append((one, other))
        return printer, other.__enter__()

    yield begin
    for one, other in reversed(open_ones):
        other.__exit__(None, None, None)
        one.__exit__(None, None, None)
