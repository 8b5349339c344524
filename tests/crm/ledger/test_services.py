from decimal import Decimal

import pytest

from crm.ledger.enums import Kind, Standing
from crm.ledger.models import Touchpoint, TouchpointText
from crm.ledger.services import (
    mark_personal,
    record_touchpoint,
    restore,
    set_standing,
    withdraw,
)
from crm.tenancy.door import tenant
from crm.work.models import Work
from tests.factories import NOON, make_customer, make_touchpoint

pytestmark = pytest.mark.django_db


def test_recording_the_same_source_twice_counts_once(shop):
    with tenant(shop):
        customer = make_customer(shop)
        facts = [
            record_touchpoint(customer=customer, kind=Kind.EVENT, at=NOON, source="import:7")
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


@pytest.mark.parametrize("kind", [Kind.INQUIRY, Kind.REPLY])
def test_staff_mark_a_reply_or_inquiry_as_personal_and_may_change_their_mind(shop, kind):
    with tenant(shop):
        fact = make_touchpoint(make_customer(shop), kind, text="こんにちは")

        mark_personal(touchpoint=fact, is_personal=True)
        fact.refresh_from_db()
        marked = fact.standing
        mark_personal(touchpoint=fact, is_personal=False)
        fact.refresh_from_db()

    assert (marked, fact.standing) == (Standing.COUNTS, Standing.SHOWN)


@pytest.mark.parametrize(
    ("kind", "standing"),
    [(Kind.LETTER, Standing.COUNTS), (Kind.REPLY, Standing.SUSPECTED)],
)
def test_nothing_else_is_marked_personal(shop, kind, standing):
    with tenant(shop):
        fact = make_touchpoint(make_customer(shop), kind)
        set_standing(touchpoint=fact, standing=standing)
        fact.refresh_from_db()

        with pytest.raises(ValueError, match="not marked personal"):
            mark_personal(touchpoint=fact, is_personal=True)


@pytest.mark.parametrize(
    ("kind", "standing"), [(Kind.LETTER, Standing.COUNTS), (Kind.REPLY, Standing.SHOWN)]
)
def test_what_was_written_down_by_hand_can_be_taken_back_and_be_there_again(shop, kind, standing):
    with tenant(shop):
        fact = make_touchpoint(make_customer(shop), kind, source="hand:1:a")
        withdraw(touchpoint=fact)
        fact.refresh_from_db()
        taken_back = fact.standing
        restore(touchpoint=fact)
        fact.refresh_from_db()

    assert (taken_back, fact.standing) == (Standing.WITHDRAWN, standing)


@pytest.mark.parametrize("change", [withdraw, restore])
def test_what_another_system_told_is_not_ours_to_take_back(shop, change):
    with tenant(shop):
        fact = make_touchpoint(make_customer(shop), Kind.LETTER, source="import:7")

        with pytest.raises(ValueError, match="by hand"):
            change(touchpoint=fact)


def test_to_restore_what_was_never_taken_back_changes_nothing(shop):
    with tenant(shop):
        fact = make_touchpoint(make_customer(shop), Kind.REPLY, source="hand:1:a")
        mark_personal(touchpoint=fact, is_personal=True)
        fact.refresh_from_db()
        restore(touchpoint=fact)
        fact.refresh_from_db()

    assert fact.standing == Standing.COUNTS


@pytest.mark.parametrize(
    ("kind", "is_of_a_case"),
    [(Kind.COMPLAINT, True), (Kind.REVIEW, True), (Kind.LETTER, False), (Kind.NPS, False)],
)
def test_what_may_open_a_case_has_the_cases_looked_at_again(shop, kind, is_of_a_case):
    with tenant(shop):
        make_touchpoint(make_customer(shop), kind)

        assert Work.objects.filter(kind="complaint").exists() is is_of_a_case
