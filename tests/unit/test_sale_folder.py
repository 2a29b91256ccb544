"""The folder that a POS writes into: what counts as a sale, what is never followed, and what is said of the rest."""

import gzip
import os
import socket

import pytest

from fiscalmon.domain.errors import BadInput
from fiscalmon.sale_folder import LARGEST_BYTES, SaleFolder, fitting, is_ours, open_sale_folder, shown, stem
from fiscalmon.services.watched_folder import Unsettled


@pytest.fixture
def folder(tmp_path):
    return SaleFolder(tmp_path)


def found(folder, name):
    return next(one for one in folder.look() if one.name == name)


def put(folder, name, content):
    data = content if isinstance(content, bytes) else content.encode()
    (folder.path / name).write_bytes(data)
    return found(folder, name)


@pytest.mark.parametrize(
    ("name", "ours"),
    [
        ("a.json", True), ("A.JSON", True), ("a.jsonl", True), ("a.ndjson", True), ("a.json.gz", True),
        (".a.json", False), ("a.json.tmp", False), ("a.json.part", False), ("~a.json", False), ("a.json~", False),
        ("a.result.json", False), ("a.txt", False), ("a.reason.txt", False), ("results", False), ("json", False),
    ],
)  # fmt: skip
def test_what_counts_as_a_sale(name, ours):
    assert is_ours(name) is ours


@pytest.mark.parametrize(
    ("name", "text"), [("a.json", "a"), ("a.b.jsonl.gz", "a.b"), ("A.JSON", "A"), (".json", ".json"), ("a", "a")]
)
def test_the_name_of_a_result(name, text):
    assert stem(name) == text


def test_a_name_that_is_too_long_is_cut_and_stays_its_own():
    names = {fitting("é" * 120 + str(number), ".result.json") for number in range(3)}
    assert len(names) == 3
    assert all(len(os.fsencode(name)) <= 255 and name.endswith(".result.json") for name in names)
    assert fitting("a", ".result.json") == "a.result.json"


def test_a_hostile_name_is_shown_harmlessly():
    assert shown("a\n\x1b[31m\u202eb\udcff.json") == "a��[31m�b�.json"


def test_oldest_first_and_own_folders_are_made(folder):
    for at, name in ((30, "c.json"), (10, "b.json"), (20, "a.json")):
        (folder.path / name).write_text("{}")
        os.utime(folder.path / name, (at, at))
    assert [one.name for one in folder.look()] == ["b.json", "a.json", "c.json"]
    assert sorted(path.name for path in folder.path.iterdir() if path.is_dir()) == ["done", "rejected", "results"]


@pytest.mark.parametrize(
    ("content", "sales"),
    [
        ('{"saleId": "1"}', [{"saleId": "1"}]),
        ('\ufeff[{"saleId": "1"}, {"saleId": "2"}]', [{"saleId": "1"}, {"saleId": "2"}]),
        ('{"saleId": "1"}\n\n{"saleId": "2"}', [{"saleId": "1"}, {"saleId": "2"}]),
        ('{"saleId": "1"}\n{oops}\n', [{"saleId": "1"}, "{oops}"]),
        (gzip.compress(b'{"saleId": "1"}', mtime=0), [{"saleId": "1"}]),
    ],
)
def test_sales_of_every_form(folder, content, sales):
    assert folder.read(put(folder, "a.json", content)) == sales


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "holds no sale"),
        ("[]", "holds no sale"),
        ('{"saleId": "1"', "no JSON: it may have been cut off"),
        ('{"saleId": "1"}\n{"sale', "breaks off in line 2"),
        ('{"saleId": "é"}'.encode("latin-1"), "not UTF-8 but something else"),
        ('{"saleId": "1"}'.encode("utf-16"), "not UTF-8 but UTF-16"),
        (b"\x1f\x8b nothing", "gzip file is broken"),
        (gzip.compress(b'{"saleId": "1"}', mtime=0)[:-9], "gzip file breaks off"),
        (gzip.compress(b" " * (LARGEST_BYTES + 1), mtime=0), "Unpacked the file has more"),
    ],
)
def test_what_cannot_be_read_says_what_to_change(folder, content, reason):
    with pytest.raises(BadInput, match=reason):
        folder.read(put(folder, "a.json", content))


def test_a_huge_file_is_not_read(folder):
    (folder.path / "a.json").touch()
    os.truncate(folder.path / "a.json", 50 * LARGEST_BYTES)
    with pytest.raises(BadInput, match="has 800 MiB; 16 are taken at most"):
        folder.read(found(folder, "a.json"))


def test_links_and_pipes_are_never_followed(folder, tmp_path, monkeypatch):
    secret = tmp_path / "secret"
    secret.write_text('{"saleId": "1"}')
    (folder.path / "a.json").symlink_to(secret)
    with pytest.raises(BadInput, match="a link, not a file"):
        folder.read(found(folder, "a.json"))
    assert folder.clear(found(folder, "a.json"), rejected=True)
    assert (folder.path / "rejected" / "a.json").is_symlink()
    assert secret.exists()
    os.mkfifo(folder.path / "b.json")
    with pytest.raises(BadInput, match="no ordinary file"):
        folder.read(found(folder, "b.json"))
    with socket.socket(socket.AF_UNIX) as listener:
        monkeypatch.chdir(folder.path)
        listener.bind("c.json")
        with pytest.raises(BadInput, match="cannot be read"):
            folder.read(found(folder, "c.json"))


def test_results_are_not_written_through_a_link(folder, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (folder.path / "results").symlink_to(elsewhere)
    with pytest.raises(NotADirectoryError, match="results in it is no folder"):
        folder.look()


def test_what_is_written_to_meanwhile_is_left(folder):
    one = put(folder, "a.json", '{"saleId": "1"}')
    (folder.path / "a.json").write_text('{"saleId": "1"}\n{"saleId": "2"}\n')
    with pytest.raises(Unsettled):
        folder.read(one)
    assert folder.clear(one, rejected=False) is False
    assert (folder.path / "a.json").exists()


def test_nothing_that_was_put_away_is_replaced(folder):
    for content in ("1", "2", "3"):
        assert folder.clear(put(folder, "a.json", content), rejected=False)
    done = folder.path / "done"
    assert {path.name: path.read_text() for path in done.iterdir()} == {
        "a.json": "1", "a~2.json": "2", "a~3.json": "3"
    }  # fmt: skip


def test_a_result_replaces_the_one_before_whole(folder):
    folder.look()
    for text in (b"first\n", b"second\n"):
        folder.put_result("a.json", text)
    results = folder.path / "results"
    assert {path.name: path.read_bytes() for path in results.iterdir()} == {"a.result.json": b"second\n"}
    folder.explain("a.json", "Mend line 2: \udcff.")
    assert (folder.path / "rejected" / "a.reason.txt").read_text() == "Mend line 2: ?.\n"


def test_a_folder_that_would_be_dangerous_is_refused(tmp_path):
    data = tmp_path / "data"
    data.mkdir()
    for path in (data, data / "in"):
        with pytest.raises(BadInput, match="own data folder"):
            open_sale_folder(data, str(path))
    with pytest.raises(BadInput, match="full path"):
        open_sale_folder(data, "sales")
    assert open_sale_folder(data, str(tmp_path / "sales")).path == tmp_path / "sales"
