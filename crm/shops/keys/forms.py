from django import forms
from django.utils.translation import gettext_lazy as _

from crm.shops.enums import Scope
from crm.shops.models import ApiKey


class KeyForm(forms.ModelForm):
    """What a key is for, and what it may do."""

    scope = forms.ChoiceField(
        label=_("what it may do"), choices=Scope, widget=forms.RadioSelect, initial=Scope.READ
    )

    class Meta:
        model = ApiKey
        fields = ["name", "scope"]
        labels = {"name": _("what it is for")}
        help_texts = {"name": _("Such as the name of the program.")}
