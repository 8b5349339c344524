import pytest
from django.utils import timezone

from crm.followups.answering import acknowledge, answer_all
from crm.followups.models import Acknowledgement
from crm.guard.enums import Channel
from crm.ledger.enums import Kind
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
