from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from crm.customers.enums import ConsentPurpose
from crm.customers.quiet import FOR_GOOD, months_after
from crm.mail.wishes import Wishes

IN_PEACE = "peace"
MONTHS = ("1", "3", "6")


def as_ticked(wishes: Wishes, *, zone: ZoneInfo) -> dict[str, list[str]]:
    """What the form is to be sent with for these wishes to come out of it."""
    rest = ""
    if wishes.is_left_in_peace:
        rest = IN_PEACE
    elif wishes.quiet_until is not None:
        rest = wishes.quiet_until.astimezone(zone).date().isoformat()
    return {"topics": sorted(wishes.topics), "rest": [rest]}


def to_tick(wishes: Wishes, *, zone: ZoneInfo) -> dict[str, list[tuple[str, bool]]]:
    """What there is to tick, and whether it is so now; for the template crm/mail/_wishes.html."""
    rest = as_ticked(wishes, zone=zone)["rest"][0]
    rests = ["", *MONTHS, IN_PEACE]
    return {
        "topics": [(topic.value, topic in wishes.topics) for topic in ConsentPurpose],
        "rests": [(each, each == rest) for each in [*({rest} - set(rests)), *rests]],
    }


class WishesForm(forms.Form):
    """What a person ticks on their page: topics, and a rest.

    `rest` is empty for none, a number of months, "peace" for no letter until they come
    forward, or the day until which they rest already.
    """

    topics = forms.MultipleChoiceField(choices=ConsentPurpose.choices, required=False)
    rest = forms.CharField(max_length=10, required=False)

    def __init__(self, *args: Any, today: date, zone: ZoneInfo, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._today, self._zone = today, zone

    def clean_rest(self) -> datetime | None:
        rest = self.cleaned_data["rest"]
        if not rest:
            return None
        if rest == IN_PEACE:
            return FOR_GOOD
        if rest in MONTHS:
            return self._morning_of(months_after(self._today, int(rest)))
        try:
            day = date.fromisoformat(rest)
        except ValueError as error:
            raise ValidationError(_("Please choose how long we shall rest.")) from error
        return self._morning_of(day) if day > self._today else None

    def _morning_of(self, day: date) -> datetime:
        return datetime.combine(day, time(), self._zone)


class ToldForm(WishesForm):
    """The same as a person told it to staff, with how they did: the law counts any way."""

    how = forms.ChoiceField(
        label=_("How they told us"),
        choices=[
            ("phone", _("On the phone")),
            ("mail", _("In a mail")),
            ("letter", _("In a letter")),
            ("in_person", _("In person")),
        ],
        widget=forms.RadioSelect,
    )
