"""The texts of the source and their Japanese, kept together without the system's gettext.

`python -m horetsu_site.messages` (script/messages) brings locale/ja/LC_MESSAGES/django.po up
to date: new texts are added empty, texts the source says no more are dropped.
"""

import io
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polib
from babel.messages.extract import extract as babel_extract
from django.utils.translation.template import templatize

from horetsu_site.catalogue import ROOT

JAPANESE = ROOT / "locale" / "ja" / "LC_MESSAGES" / "django.po"

# What is searched for texts; tests and migrations speak to nobody.
ROOMS = ("crm", "surveys", "diagnosis", "horetsu_site")

# Which argument of a call is the text, the plural and the context ("c"), as Babel writes it.
CALLS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]")


@dataclass
class Message:
    """A text of the source, and the files that say it."""

    text: str
    plural: str
    context: str | None
    files: set[str] = field(default_factory=set)

    @property
    def flags(self) -> list[str]:
        return ["python-format"] if PLACEHOLDER.search(self.text + self.plural) else []


Catalogue = dict[tuple[str | None, str], Message]


def extract() -> Catalogue:
    """Every text of the source that a person may read, by its context and itself."""
    found: Catalogue = {}
    for path in sorted(_sources()):
        for text, plural, context in _texts(path):
            message = found.setdefault((context, text), Message(text, plural, context))
            message.plural = message.plural or plural
            message.files.add(str(path.relative_to(ROOT)))
    return found


def update(po: polib.POFile, found: Catalogue) -> tuple[int, int]:
    """Make the catalogue hold exactly these texts; how many were added and dropped.

    A new text comes empty: no translation is ever guessed from a similar one.
    """
    known = {(entry.msgctxt, entry.msgid): entry for entry in po}
    for key in known.keys() - found.keys():
        po.remove(known[key])
    for key, message in found.items():
        entry = known.get(key)
        if entry is None:
            entry = polib.POEntry(msgid=message.text, msgctxt=message.context)
            po.append(entry)
        if message.plural:
            entry.msgid_plural = message.plural
            entry.msgstr_plural = entry.msgstr_plural or {0: ""}
        entry.occurrences = [(name, "") for name in sorted(message.files)]
        entry.flags = message.flags
    po.sort(key=lambda entry: (entry.occurrences, entry.msgid))
    return len(found.keys() - known.keys()), len(known.keys() - found.keys())


def _sources() -> Iterator[Path]:
    for room in ROOMS:
        for path in (ROOT / room).rglob("*.py"):
            if "migrations" not in path.parts:
                yield path
    for kind in ("*.html", "*.txt"):
        yield from (ROOT / "templates").rglob(kind)


def _texts(path: Path) -> Iterator[tuple[str, str, str | None]]:
    """(text, plural or "", context or None) for each text of one file."""
    source = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        source = _as_python(source, path)
    calls = babel_extract(
        "python", io.BytesIO(source.encode()), CALLS, options={"encoding": "utf-8"}
    )
    for _line, texts, _comments, context in calls:
        if isinstance(texts, str):
            yield texts, "", context
        else:
            yield texts[0], texts[1], context


def _as_python(template: str, path: Path) -> str:
    """The gettext calls a template makes, as lines Python's tokenizer can read."""
    python = templatize(template, origin=str(path))
    # All else was blanked out but keeps its indentation, which Python would take for meant.
    return re.sub(r"^[ \t]+", "", python, flags=re.MULTILINE)


def main() -> int:
    """Bring the catalogue up to date; 1 when some text still has no Japanese."""
    po = polib.pofile(str(JAPANESE), wrapwidth=98)
    added, dropped = update(po, extract())
    po.save()
    print(f"{JAPANESE.relative_to(ROOT)}: {len(po)} texts, {added} new, {dropped} dropped")
    silent = [entry.msgid for entry in po if not entry.translated()]
    for text in silent:
        print(f"  without Japanese: {text}")
    return 1 if silent else 0


if __name__ == "__main__":
    sys.exit(main())
