"""What staff fill in about a survey: its hours and waits, and its own words."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.guard.wording import forbidden_in, offers_in
from crm.stages.enums import Stage
from surveys.enums import Occasion, SurveyKind
from surveys.models import Survey
from surveys.wording import WORDED, Item, OwnWords

#: By day in every shop: at night the guard holds a mail back in any case.
FIRST_HOUR, LAST_HOUR = 8, 21

_YEARLY = {
    365: gettext_lazy("Once a year"),
    547: gettext_lazy("Once in a year and a half"),
    730: gettext_lazy("Once in two years"),
}

# Control characters, line separators and direction marks: none belongs into a line of ours.
_UNSEEN = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069]")
_SURROGATE = re.compile("[\ud800-\udfff]")


class TimingForm(forms.Form):
    """When a survey asks. The fields are those of the survey itself."""

    days_after_delivery = forms.IntegerField(
        label=gettext_lazy("Days after the delivery"), min_value=1, max_value=60
    )
    days_after_order = forms.IntegerField(
        label=gettext_lazy("Days after the order, where the delivery is not known"),
        min_value=1,
        max_value=90,
    )
    hour_from = forms.TypedChoiceField(
        label=gettext_lazy("Not before"),
        coerce=int,
        choices=[(hour, f"{hour}:00") for hour in range(FIRST_HOUR, LAST_HOUR)],
    )
    hour_until = forms.TypedChoiceField(
        label=gettext_lazy("Not after"),
        coerce=int,
        choices=[(hour, f"{hour}:00") for hour in range(FIRST_HOUR + 1, LAST_HOUR + 1)],
    )
    repeat_days = forms.TypedChoiceField(
        label=gettext_lazy("How often one person is asked"),
        coerce=int,
        choices=list(_YEARLY.items()),
    )
    reminds = forms.BooleanField(
        label=gettext_lazy("Come back once to those who have come to ease and did not answer"),
        help_text=gettext_lazy(
            "A week later, to people at Landing only; the first mail says so. Nobody is "
            "reminded who asked for quiet or has something unresolved. Silence is an answer: "
            "most shops leave it off."
        ),
        required=False,
    )

    def __init__(self, data: Any = None, *, survey: Survey) -> None:
        names = [*self.base_fields]
        super().__init__(data, initial={name: getattr(survey, name) for name in names})
        if survey.kind != SurveyKind.NPS:
            del self.fields["repeat_days"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        opens, closes = cleaned.get("hour_from"), cleaned.get("hour_until")
        if opens is not None and closes is not None and closes - opens < 2:
            self.add_error("hour_until", _("Please leave at least two hours."))
        return cleaned


class OwnLineField(forms.CharField):
    """One line of the shop's own; what cannot be seen is taken out of it."""

    def to_python(self, value: Any) -> str:
        line = _SURROGATE.sub("", _UNSEEN.sub("", str(value or ""))).replace("\n", " ")
        return line.strip()


class OwnTextField(forms.CharField):
    """A few lines of the shop's own."""

    widget = forms.Textarea(attrs={"rows": 3})

    def to_python(self, value: Any) -> str:
        text = str(value or "").replace("\r\n", "\n").replace("\r", "\n")
        return _SURROGATE.sub("", _UNSEEN.sub("", text)).strip()


class WordsForm(forms.Form):
    """The shop's own words for one survey in one language: for each occasion what it is about,
    how the mail begins and how an answer is thanked for; and who signs."""

    def __init__(self, data: Any = None, *, kind: SurveyKind, items: dict[Occasion, Item]) -> None:
        super().__init__(data)
        self.kind = kind
        for occasion in WORDED[kind]:
            self._add_fields(occasion, items[occasion])
        self.fields["sender"] = OwnLineField(
            label=gettext_lazy("Name of the person who writes"),
            help_text=gettext_lazy(
                "From Empathy on, mails are written by this person. Left empty, it is the one "
                "named in the settings."
            ),
            max_length=60,
            required=False,
            initial=items[WORDED[kind][0]].sender,
        )

    @property
    def sections(self) -> list[tuple[Occasion, list[forms.BoundField]]]:
        """The fields of each occasion."""
        return [
            (occasion, [self[f"{name}_{occasion.value}"] for name in OwnWords.__annotations__])
            for occasion in WORDED[self.kind]
        ]

    @property
    def own(self) -> dict[Occasion, OwnWords]:
        """What was typed, once it is valid."""
        return {
            occasion: OwnWords(
                **{
                    name: self.cleaned_data[f"{name}_{occasion.value}"]
                    for name in OwnWords.__annotations__
                }
            )
            for occasion in WORDED[self.kind]
        }

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        for name, text in list(cleaned.items()):
            for refusal in _refusals(str(text), self.kind):
                self.add_error(name, refusal)
        return cleaned

    def _add_fields(self, occasion: Occasion, item: Item) -> None:
        self.fields[f"thing_{occasion.value}"] = OwnLineField(
            label=_("What you call the shop")
            if occasion is Occasion.NPS
            else _("What you call the thing"),
            help_text=_("It reads: %(sentence)s") % {"sentence": _sentence(occasion, item)},
            max_length=40,
            initial=item.thing,
        )
        self.fields[f"intro_{occasion.value}"] = OwnTextField(
            label=gettext_lazy("How the mail begins"), max_length=200, initial=item.intro
        )
        self.fields[f"thanks_{occasion.value}"] = OwnTextField(
            label=gettext_lazy("Thanks on the page after the answer"),
            max_length=200,
            initial=item.thanks,
        )


def _sentence(occasion: Occasion, item: Item) -> str:
    """The sentence in which the name of the thing stands."""
    return item.about if occasion is Occasion.EVALUATION else item.question


def _refusals(text: str, kind: SurveyKind) -> list[str]:
    """Why the guard would not have these words go to everybody the survey asks."""
    stages = [stage for stage in Stage if kind != SurveyKind.NPS or stage != Stage.OBSERVER]
    found = [*offers_in(text), *(each for stage in stages for each in forbidden_in(text, stage))]
    first_of_each = {each.words: each for each in reversed(found)}
    return [
        _("“%(words)s”: %(why)s") % {"words": each.words, "why": each.measure.label}
        for each in reversed(first_of_each.values())
    ]
