from typing import Any

from django import forms
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.shops.models import Shop


def _form_field(field: models.Field, **kwargs: Any) -> forms.Field | None:
    """Django's own form field, except that an address typed without a scheme means https."""
    if isinstance(field, models.URLField):
        kwargs["assume_scheme"] = "https"
    return field.formfield(**kwargs)


class ProfileForm(forms.ModelForm):
    """Who the shop is to its customers, as mails and guest pages show it."""

    locale = forms.ChoiceField(label=_("language"), choices=settings.LANGUAGES)

    class Meta:
        model = Shop
        formfield_callback = _form_field
        fields = [
            "name",
            "keeper_name",
            "keeper_title",
            "contact_email",
            "postal_address",
            "privacy_url",
            "locale",
        ]
        help_texts = {
            "keeper_name": _("Mails are written in this person's name, and answers go to them."),
            "contact_email": _("Customers who answer a mail reach this address."),
            "postal_address": _("The law asks that mails show it."),
            "privacy_url": _("Shown wherever a customer is asked something."),
            "locale": _("For customers whose own language we do not know."),
        }
