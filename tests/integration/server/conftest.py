import pytest

from tests.support.lan import Lan, copy_of, make_accounts
from tests.support.scripted_till import ScriptedTill


@pytest.fixture(scope="session")
def prepared(tmp_path_factory):
    """A data folder with accounts; hashing eight passwords for each test would take its time."""
    folder = tmp_path_factory.mktemp("prepared")
    make_accounts(folder)
    return folder


@pytest.fixture
def folder(prepared, tmp_path):
    return copy_of(prepared, tmp_path)


@pytest.fixture
def till():
    return ScriptedTill()


@pytest.fixture
async def lan(till, folder):
    async with Lan(till, folder) as running:
        yield running


@pytest.fixture
def web(tmp_path):
    """A built dashboard, small."""
    root = tmp_path / "web"
    (root / "assets").mkdir(parents=True)
    (root / ".vite").mkdir()
    (root / ".vite" / "manifest.json").write_text("{}")
    (root / "index.html").write_text('<!doctype html><script type="module" src="./assets/index-abc.js"></script>')
    (root / "assets" / "index-abc.js").write_text("console.log('till')\n" * 200)
    (root / "favicon.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    (tmp_path / "secret.txt").write_text("not for you")
    return root
