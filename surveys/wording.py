"""The questions as a new survey asks them, in every language we speak.

Expectation and evaluation are asked on the same scale with the same ends, as the level that
is predicted and the level that was met (domain.md, section 1).
"""

from dataclasses import dataclass

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from surveys.enums import OCCASIONS, Occasion, SurveyKind


@dataclass(frozen=True)
class Item:
    """One question as a person reads it: what it is about, itself, and the ends of its scale."""

    about: str
    question: str
    low: str
    high: str


@dataclass(frozen=True)
class _Lazily:
    about: Promise
    question: Promise
    low: Promise
    high: Promise

    def said(self) -> dict[str, str]:
        return {name: str(text) for name, text in vars(self).items()}


_FIRST_WORDS = {
    Occasion.EXPECTATION: _Lazily(
        about=_("About what is on its way to you"),
        question=_("How good do you think it will be?"),
        low=_("Not good"),
        high=_("Very good"),
    ),
    Occasion.EVALUATION: _Lazily(
        about=_("About the parcel we sent you"),
        question=_("How good was it, now that you have it?"),
        low=_("It was not good"),
        high=_("It was very good"),
    ),
    Occasion.NPS: _Lazily(
        about=_("About our shop"),
        question=_("How likely are you to recommend this shop to someone close to you?"),
        low=_("Not at all likely"),
        high=_("Extremely likely"),
    ),
}

Texts = dict[str, dict[str, str]]  # language → the texts of an Item
Items = dict[str, Texts]  # occasion → its texts


def first_items(kind: SurveyKind) -> Items:
    """What the first version of a survey asks, ready to be stored."""
    items: Items = {occasion.value: {} for occasion in OCCASIONS[kind]}
    for language, _name in settings.LANGUAGES:
        with override(language):
            for occasion in OCCASIONS[kind]:
                items[occasion][language] = _FIRST_WORDS[occasion].said()
    return items


def item_in(texts: Texts, language: str) -> Item:
    """A question in this language; in our first one, rather than in none."""
    return Item(**(texts.get(language) or texts[settings.LANGUAGE_CODE]))
