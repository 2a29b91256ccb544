"""A folder that nobody may write to is told in one plain sentence, never as a fault of the program."""

import errno
import os

import pytest

from fiscalmon.cli import main as cli


@pytest.mark.parametrize("number", [errno.EROFS, errno.EACCES, errno.ENOSPC])
def test_a_folder_that_cannot_be_written_is_one_sentence(monkeypatch, capsys, tmp_path, number):
    def refused(_args):
        raise OSError(number, os.strerror(number), "/till/logs/fiscalmon.log")

    monkeypatch.setattr(cli, "_run", refused)
    assert cli.main(["--data-dir", str(tmp_path), "audit"]) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith("fiscalmon: /till/logs/fiscalmon.log cannot be used (")
    assert len(told.err.splitlines()) == 1
