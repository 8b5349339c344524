"""Whatever the site imports is asked for by name, and not because something else needs it today."""

import ast
import re
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
APPS = ["crm", "diagnosis", "horetsu_site", "surveys"]

#: Imported only where a site runs on one machine, or where it is written.
ELSEWHERE = {"embedded": "requirements-local.in", "messages.py": "requirements-dev.in"}

#: Celery's own other half: its version is Celery's to choose.
WITH_ANOTHER = {"kombu": "celery"}


def asked_for(*files: str) -> set[str]:
    lines = "\n".join((ROOT / file).read_text("utf-8") for file in files)
    return {name.lower() for name in re.findall(r"^([A-Za-z0-9-]+)", lines, re.MULTILINE)}


def imported(path: Path) -> set[str]:
    """The top-level names of what a file imports."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            found.add(node.module.partition(".")[0])
    return found - sys.stdlib_module_names - set(APPS)


@pytest.mark.parametrize("app", APPS)
def test_what_is_imported_is_asked_for_by_name(app: str) -> None:
    from_where = packages_distributions()

    for path in sorted((ROOT / app).rglob("*.py")):
        files = ["requirements.in", *(ELSEWHERE[part] for part in path.parts if part in ELSEWHERE)]
        for module in imported(path):
            names = {WITH_ANOTHER.get(module, name.lower()) for name in from_where[module]}
            assert names & asked_for(*files), f"{path} imports {module}"
