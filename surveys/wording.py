"""What a survey says: our questions, and around them the words a shop may choose itself.

Expectation and evaluation are asked on the same scale with the same ends, as the level that
is predicted and the level that was met (domain.md, section 1). A shop may therefore name the
thing it asks about, and open, thank and sign in its own words; the ends of a scale are ours.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override, pgettext_lazy

from surveys.enums import OCCASIONS, Occasion, SurveyKind


@dataclass(frozen=True)
class Item:
    """One question as a person reads it: what it is about, itself, the ends of its scale, and
    the shop's own words. With words for the `middle` it is a choice of three."""

    about: str
    question: str
    low: str
    high: str
    middle: str = ""
    thing: str = ""  # what it is about, as the shop calls it
    intro: str = ""  # what its mail begins with
    thanks: str = ""
    sender: str = ""  # who signs; empty for the person named in the shop's profile

    @property
    def answers(self) -> Mapping[int, str]:
        """Every answer there is, as it reads: 0 to 10, or -1, 0 and 1 in words."""
        if self.middle:
            return {-1: self.low, 0: self.middle, 1: self.high}
        return _NUMBERS


_NUMBERS = {number: str(number) for number in range(11)}


@dataclass(frozen=True)
class OwnWords:
    """What a shop words itself, for one occasion in one language."""

    thing: str
    intro: str
    thanks: str


Texts = dict[str, dict[str, str]]  # language → the texts of an Item
Items = dict[str, Texts]  # occasion → its texts

#: The occasions with words of their own; PERCEIVED is asked in those of EVALUATION.
WORDED: dict[SurveyKind, tuple[Occasion, ...]] = {
    SurveyKind.ORDER: (Occasion.EXPECTATION, Occasion.EVALUATION),
    SurveyKind.NPS: (Occasion.NPS,),
}


@dataclass(frozen=True)
class _Ours:
    """Our words for an occasion; %(thing)s is what the shop names."""

    thing: Promise
    intro: Promise
    about: Promise
    question: Promise
    low: Promise
    high: Promise
    middle: Promise | str = ""


_PARCEL = pgettext_lazy("what was sent", "the parcel we sent you")
_ARRIVED = _("Has your parcel reached you safely?")
_THANKS = _("Your answer has reached us.")

_OURS = {
    Occasion.EXPECTATION: _Ours(
        thing=pgettext_lazy("what is on its way", "your order"),
        intro=_("Thank you for your order. We are getting it ready for its way to you."),
        about=_("About what is on its way to you"),
        question=_("How good do you think %(thing)s will be?"),
        low=_("Not good"),
        high=_("Very good"),
    ),
    Occasion.EVALUATION: _Ours(
        thing=_PARCEL,
        intro=_ARRIVED,
        about=_("About %(thing)s"),
        question=_("How good was it, now that you have it?"),
        low=_("It was not good"),
        high=_("It was very good"),
    ),
    Occasion.PERCEIVED: _Ours(
        thing=_PARCEL,
        intro=_ARRIVED,
        about=_("About %(thing)s"),
        question=_("How was it, compared with what you had expected?"),
        low=_("Not what I had expected"),
        middle=_("As I had expected"),
        high=_("Better than I had expected"),
    ),
    Occasion.NPS: _Ours(
        thing=pgettext_lazy("what one recommends", "this shop"),
        intro=_("Thank you for being with us."),
        about=_("About our shop"),
        question=_("How likely are you to recommend %(thing)s to someone close to you?"),
        low=_("Not at all likely"),
        high=_("Extremely likely"),
    ),
}


def first_items(kind: SurveyKind) -> Items:
    """What the first version of a survey asks, ready to be stored."""
    languages = [language for language, _name in settings.LANGUAGES]
    return {
        occasion.value: {language: _texts(occasion, language) for language in languages}
        for occasion in OCCASIONS[kind]
    }


def reworded(
    items: Items, language: str, own: Mapping[Occasion, OwnWords], *, sender: str
) -> Items:
    """The same questions with these words of the shop's in one language."""
    changed = {}
    for occasion, texts in items.items():
        words = own[spoken_as(Occasion(occasion))]
        changed[occasion] = texts | {language: _texts(Occasion(occasion), language, words, sender)}
    return changed


def spoken_as(occasion: Occasion) -> Occasion:
    """The occasion whose own words this one is asked in."""
    return Occasion.EVALUATION if occasion is Occasion.PERCEIVED else occasion


def item_in(texts: Texts, language: str) -> Item:
    """A question in this language; in our first one, rather than in none."""
    return Item(**(texts.get(language) or texts[settings.LANGUAGE_CODE]))


def _texts(
    occasion: Occasion, language: str, own: OwnWords | None = None, sender: str = ""
) -> dict[str, str]:
    ours = _OURS[occasion]
    with override(language):
        own = own or OwnWords(str(ours.thing), str(ours.intro), str(_THANKS))
        return asdict(
            Item(
                about=str(ours.about) % {"thing": own.thing},
                question=str(ours.question) % {"thing": own.thing},
                low=str(ours.low),
                high=str(ours.high),
                middle=str(ours.middle),
                thing=own.thing,
                intro=own.intro,
                thanks=own.thanks,
                sender=sender,
            )
        )
