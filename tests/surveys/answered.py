"""What the tests of the desk share: its addresses, and answers that have come in."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from crm.shops.models import Shop
from crm.tenancy.door import tenant
from surveys.answering import record_answer
from surveys.enums import Signal
from surveys.models import Response, Survey
from surveys.opening import open_invitation
from tests.factories import make_customer
from tests.surveys.conftest import make_invitation

WORDS = "香りがとても良くて、母にも淹れてあげたいと思います。"


def page(shop: Shop, survey: Survey | None = None, rest: str = "") -> str:
    """The address of a page of the desk."""
    return f"/shops/{shop.slug}/surveys/" + (f"{survey.pk}/" if survey else "") + rest


def answered(
    shop: Shop,
    *,
    score: int = 9,
    words: str = WORDS,
    signals: list[Signal] | None = None,
    at: datetime | None = None,
    **kwargs: Any,
) -> Response:
    """An answer of somebody called 山口 佳代; `kwargs` are those of the invitation."""
    with tenant(shop):
        customer = kwargs.pop("customer", None) or make_customer(shop, name="山口 佳代")
        invitation = make_invitation(shop, customer=customer, **kwargs)
        opened = open_invitation(shop.pk, invitation.pk, lock=True)
        assert opened is not None
        record_answer(
            opened=opened,
            score=score,
            words=words,
            at=at or timezone.now(),
            zone=shop.zone,
            signals=signals or [],
        )
        return Response.objects.latest("pk")
