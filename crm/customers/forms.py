import unicodedata
from typing import Any
from uuid import uuid4

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from crm.customers.models import Customer
from crm.customers.register import PersonIn
from crm.shops.by_hand import HandForm

LONGEST_NOTE = 5000


class NoteForm(HandForm):
    """A note for colleagues."""

    text = forms.CharField(
        label=_("note"), max_length=LONGEST_NOTE, widget=forms.Textarea({"rows": 5})
    )

    field_order = ["key", "text", "at"]


class AddressField(forms.EmailField):
    """An e-mail address, which a Japanese keyboard may have typed in full width."""

    def to_python(self, value: Any) -> str:
        return unicodedata.normalize("NFKC", super().to_python(value) or "")


class PersonForm(forms.ModelForm):
    """Who somebody is, as staff know it. A name or an address is enough."""

    email = AddressField(label=_("e-mail address"), max_length=254, required=False, empty_value="")
    locale = forms.ChoiceField(
        label=_("language"),
        choices=[("", _("The shop's")), *settings.LANGUAGES],
        required=False,
        help_text=_("In which we write to this person."),
    )

    class Meta:
        model = Customer
        fields = ["name", "kana", "email", "locale"]

    @property
    def told(self) -> PersonIn:
        """What was typed, as the services take it."""
        return PersonIn(
            email=self.cleaned_data["email"],
            name=self.cleaned_data["name"].strip(),
            kana=self.cleaned_data["kana"].strip(),
            locale=self.cleaned_data["locale"],
        )

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = self.cleaned_data
        if not self.errors and not typed["name"].strip() and not typed["email"]:
            self.add_error("name", _("A name or an address is needed to know them by."))
        return typed


class NewPersonForm(PersonForm):
    """The same for somebody new, with whether they would like letters; sent twice, they are one."""

    key = forms.RegexField(r"^[0-9a-f]{32}$", widget=forms.HiddenInput)
    wants_letters = forms.BooleanField(label=_("would like letters from us"), required=False)
    how = forms.CharField(
        label=_("how we know"),
        max_length=200,
        required=False,
        help_text=_("Such as: ticked the card in the shop on 3 May."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": {"key": uuid4().hex}, **kwargs})

    def clean(self) -> dict[str, Any]:
        typed = super().clean()
        if typed.get("wants_letters") and not typed.get("how", "").strip():
            self.add_error("how", _("Please say how we know: they may ask one day."))
        return typed
