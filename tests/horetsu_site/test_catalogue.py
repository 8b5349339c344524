"""The Japanese catalogue holds exactly what the source says, and nothing in it is unfinished."""

import re
from collections import Counter

import polib
import pytest
from django.utils import translation

from horetsu_site.catalogue import ROOT, compile_catalogues
from horetsu_site.messages import JAPANESE, PLACEHOLDER, extract, update


@pytest.fixture(scope="module")
def catalogue() -> polib.POFile:
    return polib.pofile(str(JAPANESE))


def texts_of(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def test_every_text_of_the_source_is_in_the_catalogue_and_nothing_else(catalogue):
    said = extract().keys()
    kept = {(entry.msgctxt, entry.msgid) for entry in catalogue}

    assert (said - kept, kept - said) == (set(), set()), "script/messages brings it up to date"


def test_no_text_lacks_its_japanese_or_is_only_guessed(catalogue):
    unfinished = [entry.msgid for entry in catalogue if not entry.translated() or entry.fuzzy]

    assert unfinished == []


def test_no_text_stands_in_the_catalogue_twice(catalogue):
    times = Counter((entry.msgctxt, entry.msgid) for entry in catalogue)

    assert [key for key, number in times.items() if number > 1] == []


def test_the_japanese_keeps_the_placeholders_and_the_markup_of_the_english(catalogue):
    kept = re.compile(rf"{PLACEHOLDER.pattern}|</?[a-z]+[^>]*>")
    broken = [
        entry.msgid
        for entry in catalogue
        for text in texts_of(entry)
        if set(kept.findall(entry.msgid_plural or entry.msgid)) != set(kept.findall(text))
    ]

    assert broken == []


def test_a_new_text_comes_empty_and_one_no_longer_said_goes():
    found = extract()
    (context, text), message = next(iter(found.items()))
    po = polib.POFile()
    po.append(polib.POEntry(msgid="Nobody says this", msgstr="誰も言わない"))

    counts = update(po, {(context, text): message})

    assert counts == (1, 1)
    assert [(entry.msgid, entry.msgstr) for entry in po] == [(text, "")]


def test_texts_are_found_in_python_and_in_templates_over_several_lines(tmp_path, monkeypatch):
    (tmp_path / "crm").mkdir()
    (tmp_path / "templates").mkdir()
    (tmp_path / "crm" / "words.py").write_text('x = ngettext("%(n)s day", "%(n)s days", n)\n')
    (tmp_path / "templates" / "a.html").write_text(
        "{% load i18n %}\n<p>\n  {% translate 'One' %}\n"
        "      {% blocktranslate with b=c %}Two {{ b }}{% endblocktranslate %}\n"
        "   {% translate 'Three' context 'a count' %}</p>"
    )
    monkeypatch.setattr("horetsu_site.messages.ROOT", tmp_path)

    found = extract()

    assert {key: message.plural for key, message in found.items()} == {
        (None, "%(n)s day"): "%(n)s days",
        (None, "One"): "",
        (None, "Two %(b)s"): "",
        ("a count", "Three"): "",
    }


def test_the_compiled_catalogue_speaks_japanese():
    compile_catalogues()

    with translation.override("ja"):
        assert translation.gettext("Stop these requests") == "このようなお願いを止める"
    assert (ROOT / "locale/ja/LC_MESSAGES/django.mo").exists()


def test_a_catalogue_that_has_not_changed_is_not_compiled_again():
    compile_catalogues()

    assert compile_catalogues() == []
