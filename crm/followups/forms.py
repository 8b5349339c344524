from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.followups.enums import Dismissal
from crm.followups.letters import Letter
from crm.guard.enums import Channel


class LetterForm(forms.Form):
    """A letter as one writes it. Nothing is required here: a draft may be half a letter."""

    subject = forms.CharField(label=_("Subject"), max_length=200, required=False)
    opening = forms.CharField(
        label=_("Beginning"), max_length=2000, required=False, widget=forms.Textarea({"rows": 3})
    )
    personal = forms.CharField(
        label=_("Your words to this person"),
        max_length=5000,
        required=False,
        widget=forms.Textarea({"rows": 6}),
    )
    closing = forms.CharField(
        label=_("End"), max_length=2000, required=False, widget=forms.Textarea({"rows": 3})
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            is_paper = isinstance(field.widget, forms.Textarea)
            field.widget.attrs["class"] = "input paper" if is_paper else "input"
            field.widget.attrs["id"] = f"letter-{name}"

    @property
    def letter(self) -> Letter:
        """The letter as it was typed, right or wrong, its line ends made one kind."""
        said = {
            name: "\n".join((self[name].value() or "").splitlines()).strip()
            for name in ("subject", "opening", "personal", "closing")
        }
        return Letter(**said)


class DismissForm(forms.Form):
    reason = forms.ChoiceField(
        label=_("Why?"), choices=Dismissal, widget=forms.RadioSelect, initial=Dismissal.NOT_NOW
    )
    note = forms.CharField(label=_("A word about it"), max_length=1000, required=False)


class ByHandForm(forms.Form):
    """How somebody did it themselves; nothing chosen: in another way."""

    channel = forms.ChoiceField(
        label=_("By"),
        choices=[*Channel.choices, ("", _("In another way"))],
        required=False,
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=_("What you wrote or said"),
        max_length=5000,
        required=False,
        widget=forms.Textarea({"rows": 4}),
    )

    @property
    def by(self) -> Channel | None:
        chosen = self.cleaned_data["channel"]
        return Channel(chosen) if chosen else None
