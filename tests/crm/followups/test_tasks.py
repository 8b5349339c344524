from datetime import timedelta

import pytest
from django.utils import timezone

from crm.customers.models import Customer
from crm.followups.enums import SuggestionState
from crm.followups.models import Suggestion
from crm.followups.selectors import to_do
from crm.followups.services import FROM_HISTORY_A_DAY
from crm.followups.tasks import propose_from_history, review
from crm.ledger.enums import Kind
from crm.stages.enums import Stage
from crm.stages.models import Relationship
from crm.tenancy.door import tenant
from crm.work.models import Work
from tests.factories import make_customer, make_purchase, make_touchpoint

pytestmark = pytest.mark.django_db

LETTER = "いつもていねいに包んでくださり、届くたびに気持ちがあたたかくなります。"


def stage_of(customer: Customer) -> Stage:
    return Stage(Relationship.objects.get(customer=customer).stage)


def test_own_words_bring_a_customer_to_empathy_and_suggest_a_reply(shop):
    now = timezone.now()

    with tenant(shop):
        customer = make_customer(shop)
        make_purchase(customer, ordered_at=now - timedelta(days=5))
        make_touchpoint(customer, Kind.LETTER, at=now - timedelta(hours=1), text=LETTER)
        review(customer.pk)
        suggestion = Suggestion.objects.get(customer=customer)

        assert stage_of(customer) == Stage.EMPATHY
        assert suggestion.play == "empathy.answer"


def test_reviewing_again_proposes_nothing_twice(shop):
    with tenant(shop):
        customer = make_customer(shop)
        make_touchpoint(customer, Kind.LETTER, at=timezone.now(), text=LETTER)
        review(customer.pk)
        Suggestion.objects.update(state=SuggestionState.DISMISSED)
        review(customer.pk)

        answers = Suggestion.objects.filter(play="empathy.answer")
        assert answers.get().state == SuggestionState.DISMISSED


def test_a_complaint_overtakes_what_was_proposed(shop):
    now = timezone.now()

    with tenant(shop):
        customer = make_customer(shop)
        make_touchpoint(customer, Kind.LETTER, at=now - timedelta(hours=2), text=LETTER)
        review(customer.pk)
        make_touchpoint(customer, Kind.COMPLAINT, at=now - timedelta(hours=1), thread="c:1")
        review(customer.pk)
        states = dict(Suggestion.objects.values_list("play", "state"))

    assert states == {
        "empathy.answer": SuggestionState.EXPIRED,
        "recovery.listen": SuggestionState.PROPOSED,
    }


def test_what_is_unresolved_is_proposed_however_long_ago_it_began(shop):
    now = timezone.now()

    with tenant(shop):
        customer = make_customer(shop)
        make_touchpoint(customer, Kind.COMPLAINT, at=now - timedelta(days=40), thread="c:1")
        review(customer.pk)

        assert [each.play for each in to_do(shop.pk, now=now)] == ["recovery.listen"]


def test_history_alone_proposes_nothing_at_once(shop):
    with tenant(shop):
        customer = make_customer(shop)
        for days in (400, 200, 100):
            make_purchase(customer, ordered_at=timezone.now() - timedelta(days=days))
        review(customer.pk)

        assert stage_of(customer) == Stage.LANDING
        assert not Suggestion.objects.exists()


def test_history_proposes_at_most_twenty_a_day(shop):
    with tenant(shop):
        for _ in range(FROM_HISTORY_A_DAY + 3):
            customer = make_customer(shop)
            for days in (200, 100):
                make_purchase(customer, ordered_at=timezone.now() - timedelta(days=days))
            review(customer.pk)
        for _ in range(2):
            propose_from_history(shop.pk)
        on_the_first_day = Suggestion.objects.count()
        Suggestion.objects.update(proposed_at=timezone.now() - timedelta(days=1))
        propose_from_history(shop.pk)

        assert on_the_first_day == FROM_HISTORY_A_DAY
        assert Suggestion.objects.count() == FROM_HISTORY_A_DAY + 3


def test_the_first_order_of_somebody_introduced_has_the_introducer_reviewed(shop):
    now = timezone.now()

    with tenant(shop):
        introducer, introduced = make_customer(shop), make_customer(shop)
        make_touchpoint(
            introducer, Kind.REFERRAL, at=now - timedelta(days=9), other_customer=introduced
        )
        Work.objects.all().delete()
        make_purchase(introduced, ordered_at=now - timedelta(days=1))
        review(introduced.pk)
        marked = list(Work.objects.values_list("kind", "ref"))
        Work.objects.all().delete()
        review(introduced.pk)

        assert marked == [("review", introducer.pk)]
        assert not Work.objects.exists(), "nothing changed, so nobody else is looked at"


def test_somebody_erased_while_queued_is_nothing_to_do(shop):
    with tenant(shop):
        review(4711)
