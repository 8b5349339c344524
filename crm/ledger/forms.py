from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.customers.models import Customer
from crm.customers.selectors import customers_matching, present_customers
from crm.ledger.entries import Entry
from crm.ledger.enums import Medium
from crm.shops.by_hand import HandForm
from crm.shops.paging import key_of

LONGEST_WORDS = 5000
OFFERED = 10  # people a search offers


class EntryForm(HandForm):
    """One thing a customer said or did; only the fields that its entry asks for."""

    stars = forms.TypedChoiceField(
        label=_("stars"),
        coerce=int,
        choices=[(stars, "★" * stars) for stars in (5, 4, 3, 2, 1)],
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        max_length=LONGEST_WORDS,
        required=False,
        widget=forms.Textarea({"rows": 5, "class": "paper"}),
    )
    is_personal = forms.BooleanField(
        label=_("a personal letter"),
        required=False,
        help_text=_("Ordinary questions are shown, a personal letter counts as words."),
    )
    is_public = forms.BooleanField(label=_("everybody can read it"), required=False)
    is_rewarded = forms.BooleanField(
        label=_("for a reward"),
        required=False,
        help_text=_("It is shown, but does not count as done of one's own accord."),
    )
    medium = forms.ChoiceField(
        label=_("how it came"), choices=[("", "–"), *Medium.choices], required=False
    )

    # What happened first; when and how it came at the end, for it mostly is as it stands.
    field_order = [
        "key", "other", "stars", "text", "is_personal", "is_public", "is_rewarded", "medium", "at",
    ]  # fmt: skip

    OPTIONAL = frozenset({"stars", "is_personal", "is_public", "is_rewarded", "medium"})

    def __init__(self, *args: Any, entry: Entry, **kwargs: Any) -> None:
        kwargs["initial"] = {"medium": entry.medium or "", **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.entry = entry
        for name in self.OPTIONAL - entry.asks:
            del self.fields[name]
        self.fields["text"].label = str(entry.words)

    def facts(self) -> dict[str, Any]:
        """What record_touchpoint is told, but for the customer and the source."""
        told = self.cleaned_data
        return {
            "kind": self.entry.kind,
            "at": told["at"],
            "text": told["text"],
            "stars": told.get("stars"),
            "is_rewarded": told.get("is_rewarded", False),
            # What was told to others in public was public.
            "is_public": told.get("is_public", self.entry.key == "share"),
            "medium": Medium(medium) if (medium := told.get("medium")) else self.entry.medium,
        }


class ReferralForm(EntryForm):
    """Who introduced whom: `other` offers those whom a search found, or the one chosen."""

    other: forms.ModelChoiceField = forms.ModelChoiceField(
        label=_("whom they introduced"),
        queryset=None,  # set for each form, within its shop
        required=False,
        empty_label=_("Somebody we do not know yet"),
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, of: Customer, searched: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = present_customers(of.shop_id).exclude(pk=of.pk)
        if self.is_bound:
            offered = others.filter(pk=key_of(self.data.get("other")) or 0)
        else:
            found = (
                customers_matching(of.shop_id, searched).exclude(pk=of.pk)
                if searched
                else others.none()
            )
            offered = others.filter(
                pk__in=list(found.order_by("-pk").values_list("pk", flat=True)[:OFFERED])
            )
        self.fields["other"].queryset = offered  # type: ignore[attr-defined]

    def facts(self) -> dict[str, Any]:
        return super().facts() | {"other_customer": self.cleaned_data["other"]}
