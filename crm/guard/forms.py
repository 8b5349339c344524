from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.guard.models import GuardSettings


class RestraintForm(forms.ModelForm):
    """How much the shop holds back, and what it takes for "as expected"."""

    tolerance = forms.DecimalField(
        label=_("tolerance"),
        min_value=Decimal(0),
        max_value=Decimal(5),
        max_digits=3,
        decimal_places=1,
        help_text=_(
            "So far apart, on a scale of 0 to 10, may expectation and impression lie and still"
            " count as expected. A change judges every relationship anew."
        ),
    )

    class Meta:
        model = GuardSettings
        fields = ["distance_days", "budget", "night_from", "night_until"]
        help_texts = {
            "distance_days": _("Answers to what a customer said need not wait for it."),
            "budget": _("At most so many contacts in 90 days, answers included."),
            "night_until": _("The same hour twice means that there is no night."),
        }
        widgets = {
            name: forms.TimeInput({"type": "time"}, format="%H:%M")
            for name in ("night_from", "night_until")
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, most in (("distance_days", 90), ("budget", 12)):
            self.fields[name].widget.attrs |= {"min": 1, "max": most}
