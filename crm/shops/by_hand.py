"""What all that staff write down by hand has in common: a key of its own, and a moment."""

import re
from datetime import datetime
from typing import Any, Final
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from crm.shops.models import User

#: How the source of what was written by hand begins; who wrote it and the form's key follow.
BY_HAND: Final = "hand:"

_KEY = re.compile(r"[0-9a-f]{32}")
_FIRST_YEAR = 1950


class HandForm(forms.Form):
    """What every form about a customer has that is written by hand: a key of its own, so that
    sending it twice tells once, and the moment, now unless said otherwise."""

    key = forms.CharField(widget=forms.HiddenInput)
    at = forms.DateTimeField(
        label=_("when"),
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
        required=False,
        help_text=_("Empty: now."),
    )

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {})
        kwargs["initial"] = {"key": uuid4().hex} | kwargs["initial"]
        super().__init__(*args, **kwargs)
        self._now = now

    def clean_key(self) -> str:
        key: str = self.cleaned_data["key"]
        if not _KEY.fullmatch(key):
            raise ValidationError(_("Please open this page once more and try again."))
        return key

    def clean_at(self) -> datetime:
        at: datetime = self.cleaned_data["at"] or self._now
        if at > self._now or at.year < _FIRST_YEAR:
            raise ValidationError(_("Please choose a moment that has already been."))
        return at

    def source(self, by: User) -> str:
        """What the row it becomes is known by: the same however often the form is sent."""
        return f"{BY_HAND}{by.pk}:{self.cleaned_data['key']}"
