import pytest
from django.utils import timezone

from crm.followups.answering import acknowledge, answer_all, take_back
from crm.followups.models import Acknowledgement
from crm.guard.enums import Channel
from crm.ledger.enums import Kind, Standing
from crm.tenancy.door import tenant
from crm.work.models import Work
from tests.crm.followups.conftest import WORDS, suggest, write_letter
from tests.factories import make_touchpoint

pytestmark = pytest.mark.django_db

NOW = timezone.now()


@pytest.fixture(autouse=True)
def door(shop):
    with tenant(shop):
        yield


def test_the_first_answer_counts_and_has_the_customer_looked_at_again(customer, staff, owner):
    letter = write_letter(customer)
    Work.objects.all().delete()

    first = acknowledge(touchpoint=letter, by=staff, channel=Channel.PHONE, now=NOW)
    Work.objects.all().delete()
    second = acknowledge(touchpoint=letter, by=owner, channel=None, now=NOW)

    assert first == second
    assert (second.by, second.channel) == (staff, Channel.PHONE)
    assert not Work.objects.exists()


def test_a_call_is_a_contact_and_taken_back_with_the_answer(customer, staff):
    letter = write_letter(customer)
    acknowledge(touchpoint=letter, by=staff, channel=Channel.PHONE, now=NOW)
    call = customer.touchpoints.get(kind=Kind.OUR_CALL)
    Work.objects.all().delete()

    take_back(touchpoint=letter)

    call.refresh_from_db()
    assert call.at == NOW
    assert call.standing == Standing.WITHDRAWN
    assert not Acknowledgement.objects.exists()
    assert Work.objects.filter(kind="review", ref=customer.pk).exists()


def test_what_a_suggestion_answered_is_not_taken_back_beside_it(customer, staff):
    suggestion = suggest(customer, settled_by=staff)
    answer_all(suggestion, until=timezone.now(), at=NOW, channel=None)

    take_back(touchpoint=suggestion.about)

    assert Acknowledgement.objects.get().suggestion == suggestion


def test_one_word_answers_all_that_waited_and_nothing_else(customer, staff):
    suggestion = suggest(customer, settled_by=staff)
    act = make_touchpoint(customer, Kind.IDEA, at=NOW)
    score = make_touchpoint(customer, Kind.NPS, value=9, at=NOW)
    complaint = make_touchpoint(customer, Kind.COMPLAINT, text=WORDS, at=NOW)

    for _ in range(2):
        answer_all(suggestion, until=timezone.now(), at=NOW, channel=None)

    answered = set(Acknowledgement.objects.values_list("touchpoint_id", flat=True))
    assert answered == {suggestion.about_id, act.pk}
    assert not answered & {score.pk, complaint.pk}
