from decimal import Decimal

import pytest

from crm.ledger.enums import Kind, Standing
from crm.ledger.models import Touchpoint, TouchpointText
from crm.ledger.services import record_touchpoint, set_standing
from crm.tenancy.door import tenant
from crm.work.models import Work
from tests.factories import NOON, make_customer, make_touchpoint

pytestmark = pytest.mark.django_db


def test_recording_the_same_source_twice_counts_once(shop):
    with tenant(shop):
        customer = make_customer(shop)
        facts = [
            record_touchpoint(
                customer=customer, kind=Kind.REVIEW, at=NOON, source="import:7", stars=5
            )
            for _ in range(2)
        ]

        assert facts[0] == facts[1]
        assert Touchpoint.objects.count() == 1
        assert Work.objects.get().seq == 1, "nothing new is nothing to look at"


def test_a_fact_is_kept_as_it_was_told(shop):
    with tenant(shop):
        customer = make_customer(shop)
        told = record_touchpoint(
            customer=customer,
            kind=Kind.NPS,
            at=NOON,
            source="surveys.invitation:1:1",
            value=Decimal(9),
            text="急須の注ぎ口がとても使いやすいです。",
            response="surveys.invitation:1",
        )
        kept = Touchpoint.objects.get(pk=told.pk)

        assert (kept.customer_id, kept.kind, kept.at, kept.value) == (
            customer.pk, "nps", NOON, Decimal(9),
        )  # fmt: skip
        assert (kept.words_len, kept.words_is_ja, kept.standing) == (18, True, Standing.COUNTS)
        assert kept.recorded_at is not None
        assert TouchpointText.objects.get(touchpoint=kept).text.startswith("急須")


@pytest.mark.parametrize("kind", [Kind.INQUIRY, Kind.REPLY])
def test_an_inquiry_or_a_reply_waits_for_a_person_to_call_it_personal(shop, kind):
    with tenant(shop):
        fact = make_touchpoint(make_customer(shop), kind, text="こんにちは")

        assert fact.standing == Standing.SHOWN

        set_standing(touchpoint=fact, standing=Standing.COUNTS)

        assert Touchpoint.objects.get().standing == Standing.COUNTS


def test_a_changed_standing_has_the_customer_looked_at_again(shop):
    with tenant(shop):
        fact = make_touchpoint(make_customer(shop), Kind.NPS, value=9)
        Work.objects.all().delete()
        set_standing(touchpoint=fact, standing=Standing.SUSPECTED)
        set_standing(touchpoint=fact, standing=Standing.SUSPECTED)

        assert Work.objects.get().seq == 1
