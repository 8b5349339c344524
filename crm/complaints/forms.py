from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.complaints.enums import Felt, Theme
from crm.shops.by_hand import HandForm
from crm.shops.models import Shop, User

LONGEST_WORDS = 5000


def _words(label: Any, *, required: bool) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=LONGEST_WORDS,
        required=required,
        widget=forms.Textarea({"rows": 4}),
    )


class AssignForm(forms.Form):
    """What it is about, who looks after it, and until when."""

    theme = forms.ChoiceField(
        label=_("what it is about"), choices=[("", _("Not yet known")), *Theme.choices],
        required=False,
    )  # fmt: skip
    owner = forms.ModelChoiceField(
        label=_("who looks after it"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("Nobody yet"),
    )
    due_at = forms.DateTimeField(
        label=_("to be answered by"),
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
    )

    def __init__(self, *args: Any, shop: Shop, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = User.objects.filter(memberships__shop=shop)  # type: ignore[attr-defined]

    def clean_theme(self) -> Theme | None:
        theme = self.cleaned_data["theme"]
        return Theme(theme) if theme else None


class ResponseForm(HandForm):
    """What we answered or did."""

    text = _words(_("what we answered or did"), required=True)

    field_order = ["key", "text", "at"]


class MoveForm(HandForm):
    """That a case is settled, or to be taken up again, and in which words."""

    text = _words(_("how it ended"), required=False)

    field_order = ["key", "text", "at"]


class RecoveryForm(HandForm):
    """How our response was felt."""

    felt = forms.TypedChoiceField(
        label=_("how our response was felt"),
        choices=Felt.choices,
        coerce=lambda text: Felt(int(text)),
        widget=forms.RadioSelect,
    )
    text = _words(_("their words, as they stand"), required=False)

    field_order = ["key", "felt", "text", "at"]


class ListForm(forms.Form):
    """Which cases are asked for; what is no choice of ours narrows nothing."""

    theme = forms.ChoiceField(
        label=_("what it is about"), choices=[("", _("Any")), *Theme.choices], required=False
    )
    owner = forms.ModelChoiceField(
        label=_("who looks after it"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("Anybody"),
    )

    def __init__(self, *args: Any, shop: Shop, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = User.objects.filter(memberships__shop=shop)  # type: ignore[attr-defined]
