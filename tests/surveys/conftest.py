"""A shop with a survey, and one customer who was asked how it was."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from crm.shops.models import Shop
from crm.tenancy.door import tenant
from surveys.enums import Occasion, SurveyKind
from surveys.models import Invitation, Survey, SurveyVersion
from surveys.services import begin_survey
from tests.factories import NOON, make_customer, make_purchase

Invite = Callable[..., Invitation]


def make_invitation(shop: Shop, **kwargs: Any) -> Invitation:
    """An invitation without a mail; to be made inside `tenant(shop)`."""
    occasion = kwargs.pop("occasion", Occasion.EVALUATION)
    kind = SurveyKind.NPS if occasion == Occasion.NPS else SurveyKind.ORDER
    survey = begin_survey(shop=shop, kind=kind, at=NOON - timedelta(days=30))
    customer = kwargs.pop("customer", None) or make_customer(shop)
    return Invitation.objects.create(
        shop=shop,
        survey=survey,
        version=SurveyVersion.objects.get(shop=shop, survey=survey),
        customer=customer,
        purchase=kwargs.pop("purchase", None) or make_purchase(customer),
        occasion=occasion,
        nonce=kwargs.pop("nonce", "present-nonce"),
        invited_at=kwargs.pop("invited_at", NOON),
        expires_at=kwargs.pop("expires_at", NOON + timedelta(days=60)),
        **kwargs,
    )


@pytest.fixture
def inside(shop: Shop) -> Iterator[Shop]:
    """Everything the test does is done inside the shop."""
    with tenant(shop):
        yield shop


@pytest.fixture
def invitation(inside: Shop) -> Invitation:
    return make_invitation(inside)


@pytest.fixture
def survey(inside: Shop) -> Survey:
    return begin_survey(shop=inside, kind=SurveyKind.ORDER, at=NOON)
