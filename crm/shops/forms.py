from collections import defaultdict
from typing import Any

from django import forms
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.shops.models import Shop
from crm.shops.zones import zones


def _form_field(field: models.Field, **kwargs: Any) -> forms.Field | None:
    """Django's own form field, except that an address typed without a scheme means https."""
    if isinstance(field, models.URLField):
        kwargs["assume_scheme"] = "https"
    return field.formfield(**kwargs)


class ProfileForm(forms.ModelForm):
    """Who the shop is to its customers, as mails and guest pages show it."""

    locale = forms.ChoiceField(
        label=_("language"),
        choices=settings.LANGUAGES,
        help_text=_("For customers whose own language we do not know."),
    )

    PARTS = (
        (_("The shop"), ("name", "contact_email", "locale")),
        (_("Who writes"), ("keeper_name", "keeper_title")),
        (_("What the law asks for"), ("postal_address", "privacy_url")),
    )

    class Meta:
        model = Shop
        formfield_callback = _form_field
        fields = [
            "name",
            "contact_email",
            "locale",
            "keeper_name",
            "keeper_title",
            "postal_address",
            "privacy_url",
        ]
        help_texts = {
            "contact_email": _("Customers who answer a mail reach this address."),
            "keeper_name": _("A mail comes from a person. It is signed with this name."),
            "postal_address": _("It stands below every mail."),
            "privacy_url": _("It stands wherever a customer is asked something."),
        }

    def parts(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """The fields under their headings."""
        return [(heading, [self[name] for name in names]) for heading, names in self.PARTS]


class NewShopForm(forms.Form):
    """What a new shop is called; the rest has an answer already."""

    name = forms.CharField(
        label=_("shop name"),
        max_length=100,
        validators=Shop._meta.get_field("name").validators,
        help_text=_("As your customers know it. It can be changed later."),
    )
    slug = forms.SlugField(
        label=_("the shop's word in addresses"),
        required=False,
        max_length=40,
        help_text=_("Small letters and digits. Left empty, we choose one. It stays as it is."),
    )
    time_zone = forms.ChoiceField(
        label=_("time zone"), choices=lambda: _zones_by_region(), initial="Asia/Tokyo"
    )
    locale = forms.ChoiceField(label=_("language"), choices=settings.LANGUAGES, initial="ja")

    def clean_slug(self) -> str:
        return str(self.cleaned_data["slug"]).lower()


def _zones_by_region() -> list[tuple[str, list[tuple[str, str]]]]:
    regions = defaultdict(list)
    for zone in zones():
        region, _slash, place = zone.partition("/")
        regions[region].append((zone, place.replace("_", " ") or zone))
    return list(regions.items())
