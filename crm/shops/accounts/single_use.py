"""An app's digits let somebody in once, however long they are good for.

RFC 6238, 5.2. django-allauth remembers them in the cache for half a minute, while with a
tolerance of one step they are good for a minute and a half, and a cache may be emptied. Here
the row of the authenticator says which step was the last, for good.
"""

from typing import Any

from allauth.core import context
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.db import transaction

from crm.shops.accounts.sealing import unseal


@transaction.atomic
def spend(authenticator: Authenticator, code: str) -> bool:
    """Note that these digits were used; False when they, or later ones, were used before."""
    row = Authenticator.objects.select_for_update().get(pk=authenticator.pk)
    step = _step_of(unseal(row.data["secret"]), code)
    if step is None or step <= row.data.get("step", -1):
        return False
    _keep(row, step)
    return True


def remember_set_up(secret: str, code: str) -> None:
    """The digits that set an app up are used as well; its row is there only later."""
    context.request.set_up_step = _step_of(secret, code)


def note_set_up(sender: Any, request: Any, authenticator: Authenticator, **kwargs: Any) -> None:
    """What `remember_set_up` saw, once there is a row to keep it."""
    step = getattr(request, "set_up_step", None)
    if step is not None and authenticator.type == Authenticator.Type.TOTP:
        _keep(authenticator, step)


def _step_of(secret: str, code: str) -> int | None:
    typed = "".join(letter for letter in code if letter.isdecimal())
    for step in yield_hotp_counters_from_time():
        if format_hotp_value(hotp_value(secret, step)) == typed:
            return step
    return None


def _keep(row: Authenticator, step: int) -> None:
    row.data["step"] = step
    row.save(update_fields=["data"])
