"""The house rules that a reader would otherwise have to watch over: who may know whom."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.template import engines
from django.template.defaulttags import URLNode

from tests.routes import url_patterns

ROOT = Path(__file__).resolve().parent.parent
APPS = ("crm", "surveys", "diagnosis", "horetsu_site")

# crm from the ground up; a floor knows only the floors below it.
FLOORS = (
    "tenancy", "work", "shops", "customers", "ledger", "mail", "stages", "guard",
    "followups", "complaints", "imports", "figures",
)  # fmt: skip

# A room from the ground up. A file of another name belongs to whoever imports it.
LAYERS = {
    "enums": 0, "models": 1, "selectors": 2, "services": 3,
    "forms": 4, "doors": 4, "views": 5, "api": 5, "tasks": 5,
}  # fmt: skip

# These tie rooms together, so they know every floor of their app.
KNOWS_ALL_FLOORS = re.compile(
    r"^crm/([a-z]+\.py|(?:management|migrations|templatetags)/.*|[a-z]+/urls\.py)$"
)

IMPORTS_INSIDE_FUNCTIONS = {
    "crm/apps.py": "models and handlers may be imported only once the apps are ready",
    "diagnosis/apps.py": "models may be imported only once the apps are ready",
    "surveys/apps.py": "handlers may be imported only once the apps are ready",
    "horetsu_site/celery.py": "Django is set up only after Celery's app was made",
}
HTML_CALLED_SAFE: dict[str, str] = {}  # file → why it may
LONGEST = 400  # lines

SAFE = re.compile(r"mark_safe|SafeString|\|\s*safe(?:seq)?\b|{%\s*autoescape off")
INLINE = re.compile(r"\sstyle=|\son[a-z]+=|<style|javascript:|<script(?![^>]*\ssrc=)")


def sources(*folders: str, kinds: str = "*.py") -> list[Path]:
    """The files of these folders, as paths from the root; without what a machine wrote."""
    found = (path for folder in folders for path in (ROOT / folder).rglob(kinds))
    return sorted(path.relative_to(ROOT) for path in found if "node_modules" not in path.parts)


CODE = sources(*APPS)
MAILS = sources("templates/emails", kinds="*.html")
PAGES = sorted(set(sources("templates", kinds="*.html")) - set(MAILS))
TEMPLATES = PAGES + MAILS + sources("templates", kinds="*.txt")
BY_HAND = [
    path
    for kinds in ("*.py", "*.html", "*.txt", "*.css", "*.js")
    for path in sources(*APPS, "templates", "script", "benchmarks", kinds=kinds)
    if "migrations" not in path.parts
]


@cache
def text_of(path: Path) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(text_of(path))


def imports_of(path: Path, tree: ast.AST | None = None) -> Iterator[tuple[str, int]]:
    """(module, line) for everything of ours that a file, or a part of it, imports."""
    package = path.parent.parts
    for node in ast.walk(tree or tree_of(path)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            module = ".".join([*base, *(node.module or "").split(".")]).strip(".")
            # `from crm.work import services` imports a module, `… import mark` a name in one.
            names = [
                f"{module}.{alias.name}" if _is_module(f"{module}.{alias.name}") else module
                for alias in node.names
            ]
        else:
            continue
        yield from ((name, node.lineno) for name in names if name.split(".")[0] in APPS)


def _is_module(name: str) -> bool:
    place = ROOT.joinpath(*name.split("."))
    return place.is_dir() or place.with_suffix(".py").exists()


def room_of(module: str) -> str:
    """`crm.mail` for `crm.mail.smtp`; the app itself for every other app."""
    app, _, rest = module.partition(".")
    floor = rest.split(".")[0]
    return f"crm.{floor}" if app == "crm" and floor in FLOORS else app


def may_know(one: str, other: str) -> bool:
    """Whether a room may import, or link to, another."""
    if one == other or one == "horetsu_site":
        return True
    if other.startswith("crm"):
        floors = [f"crm.{name}" for name in FLOORS] + ["crm", "surveys", "diagnosis"]
        return floors.index(other) < floors.index(one)
    return False


@pytest.mark.parametrize(
    ("one", "other", "allowed"),
    [
        ("crm.stages", "crm.ledger", True),
        ("crm.ledger", "crm.stages", False),
        ("crm.mail", "surveys", False),
        ("crm.mail", "crm", False),
        ("crm", "crm.imports", True),
        ("surveys", "crm.followups", True),
        ("surveys", "diagnosis", False),
        ("diagnosis", "surveys", False),
        ("diagnosis", "crm.customers", True),
        ("surveys", "horetsu_site", False),
        ("horetsu_site", "diagnosis", True),
    ],
)
def test_the_arrows_of_the_house_are_the_ones_it_was_planned_with(one, other, allowed):
    assert may_know(one, other) is allowed


def test_no_import_points_back():
    assert [
        f"{path}:{line} imports {name}"
        for path in CODE
        for name, line in imports_of(path)
        if not may_know(room_of_code(path), room_of(name))
    ] == []


def test_within_a_room_the_writers_know_the_readers_and_never_back():
    assert [
        f"{path} reaches {other}"
        for path in CODE
        if path.stem in LAYERS
        for other in reached_from(path)
        if other.parent == path.parent and LAYERS.get(other.stem, -1) > LAYERS[path.stem]
    ] == []


def test_no_import_hides_in_a_function_to_dodge_a_circle():
    hidden = {
        str(path)
        for path in CODE
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.FunctionDef) and any(imports_of(path, node))
    }

    assert hidden == set(IMPORTS_INSIDE_FUNCTIONS)


def test_no_link_of_a_template_points_back():
    rooms = {pattern.name: room_of(pattern.callback.__module__) for pattern in url_patterns()}

    assert [
        f"{path} links to {name}"
        for path in TEMPLATES
        for name in links_of(path)
        if not may_know(room_of_template(path), rooms[name])
    ] == []


def test_no_file_is_longer_than_a_sitting():
    assert [path for path in BY_HAND if len(text_of(path).splitlines()) > LONGEST] == []


def test_no_celery_message_carries_a_time():
    """The row says when (design.md, rule 3); a message with an ETA would be lost with Redis."""
    assert [
        f"{path}:{node.value.lineno} {node.arg}"
        for path in CODE
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.keyword) and node.arg in {"eta", "countdown"}
    ] == []


def test_no_html_is_called_safe_by_hand():
    assert {str(path) for path in CODE + PAGES + MAILS if SAFE.search(text_of(path))} == set(
        HTML_CALLED_SAFE
    )


def test_no_page_has_style_or_script_inside():
    assert [f"{path}: {inside}" for path in PAGES for inside in INLINE.findall(text_of(path))] == []


def test_a_form_or_serializer_names_its_fields():
    """`__all__` and `exclude` let in whatever a model grows next."""
    metas = [
        (path, node)
        for path in CODE
        if path.stem in {"api", "forms"}
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.ClassDef) and node.name == "Meta"
    ]

    assert [str(path) for path, meta in metas if "fields = [" not in ast.unparse(meta)] == []


def reached_from(start: Path) -> set[Path]:
    """The files a file imports, and what those of no layer of their own import in turn."""
    found: set[Path] = set()
    waiting = [start]
    while waiting:
        for name, _line in imports_of(waiting.pop()):
            path = Path(*name.split(".")).with_suffix(".py")
            if path not in found and (ROOT / path).exists():
                found.add(path)
                if path.stem not in LAYERS:
                    waiting.append(path)
    return found


def room_of_code(path: Path) -> str:
    is_above_the_floors = KNOWS_ALL_FLOORS.match(str(path))
    return path.parts[0] if is_above_the_floors else room_of(".".join(path.with_suffix("").parts))


def room_of_template(path: Path) -> str:
    """templates/crm/mail/… belongs to crm.mail, templates/surveys/… to surveys; what lies
    directly in templates/ is the frame that the site lays around every page."""
    folder = ".".join(path.parts[1:-1])
    return room_of(folder) if folder.split(".")[0] in APPS else "horetsu_site"


def links_of(path: Path) -> Iterator[str]:
    """The names of the addresses a template links to."""
    template = engines["django"].from_string(text_of(path)).template
    for node in template.nodelist.get_nodes_by_type(URLNode):
        yield str(node.view_name.var)
