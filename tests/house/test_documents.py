"""The pages that a newcomer reads first say what is so: dependencies explained, links whole, pages short."""

import ast
import json
import re
import sys
import tomllib
from importlib.metadata import distribution

from tests.house.source import PACKAGES, ROOT, modules, place, tracked

THREE_PAGES = 180
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")


def explained() -> set[str]:
    page = (ROOT / "docs/dependencies.md").read_text()
    return set(re.findall(r"^\| (\S+) \|", page, re.MULTILINE)) - {"package"}


def declared() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wanted = [*project["project"]["dependencies"], *project["build-system"]["requires"]]
    wanted += [line for group in project["dependency-groups"].values() for line in group]
    names = {re.match(r"[\w.-]+", line)[0] for line in wanted}
    web = json.loads((ROOT / "ui/web/package.json").read_text())
    return names | set(web.get("dependencies", {})) | set(web.get("devDependencies", {}))


def test_every_dependency_is_explained_and_no_other():
    assert len(declared()) > 30
    assert sorted(declared() ^ explained()) == []


def test_the_architecture_stays_under_three_pages():
    lines = (ROOT / "docs/architecture.md").read_text().splitlines()
    assert 20 < len(lines) <= THREE_PAGES


def test_links_of_the_pages_lead_somewhere():
    pages = [path for path in tracked() if path.suffix == ".md"]
    assert ROOT / "README.md" in pages
    broken = [
        f"{page.relative_to(ROOT)} -> {link}"
        for page in pages
        for link in LINK.findall(page.read_text())
        if not (page.parent / link).exists()
    ]
    assert broken == []


def test_the_readme_gives_the_two_commands():
    readme = (ROOT / "README.md").read_text()
    assert {"make run", "make test"} <= set(re.findall(r"^make \w+", readme, re.MULTILINE))


def test_the_map_of_the_services_names_each_once():
    folder = ROOT / "fiscalmon/services"
    page = ast.get_docstring(ast.parse((folder / "__init__.py").read_text())) or ""
    named = [name for row in re.findall(r"^[a-z' ]+: (.*)$", page, re.MULTILINE) for name in row.split(", ")]
    assert sorted(named) == sorted(path.stem for path in folder.glob("[!_]*.py"))


def imported() -> dict[str, str]:
    """Packages of others that the shipped modules import, each with one of the places."""
    ours = {*PACKAGES, *sys.stdlib_module_names}
    found = {}
    for path, _, tree in modules():
        for node in ast.walk(tree):
            names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and not node.level and node.module:
                names = [node.module]
            found |= {top: place(path, node.lineno) for name in names if (top := name.partition(".")[0]) not in ours}
    return found


def test_what_is_imported_is_declared():
    """What comes along with another dependency goes with it, too."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = [re.match(r"[\w.-]+", line)[0] for line in project["dependencies"] if ";" not in line]
    given = {file.parts[0].removesuffix(".py") for name in wanted for file in distribution(name).files or ()}
    found = imported()
    assert len(found) > 20
    assert {top: where for top, where in found.items() if top not in given} == {}
