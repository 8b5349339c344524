from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from crm.customers.models import Customer
from crm.shops.by_hand import HandForm

LONGEST_NOTE = 5000


class NoteForm(HandForm):
    """A note for colleagues."""

    text = forms.CharField(
        label=_("note"), max_length=LONGEST_NOTE, widget=forms.Textarea({"rows": 5})
    )

    field_order = ["key", "text", "at"]


class PersonForm(forms.ModelForm):
    """Who somebody is, as staff know it. A name or an address is enough."""

    email = forms.EmailField(
        label=_("e-mail address"), max_length=254, required=False, empty_value=""
    )
    locale = forms.ChoiceField(
        label=_("language"),
        choices=[("", _("The shop's")), *settings.LANGUAGES],
        required=False,
        help_text=_("In which we write to this person."),
    )

    class Meta:
        model = Customer
        fields = ["name", "kana", "email", "locale"]

    def clean(self) -> dict[str, str]:
        told: dict[str, str] = self.cleaned_data
        if not self.errors and not told["name"].strip() and not told["email"]:
            self.add_error("name", _("A name or an address is needed to know them by."))
        return told


class NewPersonForm(PersonForm):
    """The same for somebody new; sent twice, they are one."""

    key = HandForm.base_fields["key"]
