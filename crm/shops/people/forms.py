from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from crm.shops.enums import Role
from crm.shops.models import MemberInvitation

#: What each role means to people, in the words of crm/shops/access.py.
MEANING: dict[Role, Promise] = {
    Role.OWNER: _("everything, people, keys and the shop itself included"),
    Role.MANAGER: _("surveys, imports, exports, erasing, and the daily work"),
    Role.STAFF: _("the daily work with customers"),
    Role.VIEWER: _("reading only"),
}


def _roles() -> list[tuple[str, Any]]:
    return [
        (role.value, format_lazy(_("{role}: {meaning}"), role=role.label, meaning=MEANING[role]))
        for role in Role
    ]


class RoleForm(forms.Form):
    """Which role somebody is to have."""

    role = forms.ChoiceField(label=_("role"), choices=_roles, widget=forms.RadioSelect)


class InviteForm(forms.ModelForm):
    """Whom to invite, as what."""

    role = forms.ChoiceField(
        label=_("role"), choices=_roles, widget=forms.RadioSelect, initial=Role.STAFF
    )

    class Meta:
        model = MemberInvitation
        fields = ["email", "role"]
