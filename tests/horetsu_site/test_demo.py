"""The demo shop is the same whatever day it is opened on."""

from collections import Counter
from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from crm.complaints.enums import ComplaintState
from crm.complaints.models import Complaint
from crm.customers.models import Purchase
from crm.followups.enums import SuggestionState
from crm.followups.models import Suggestion
from crm.ledger.enums import Kind
from crm.ledger.models import Touchpoint
from crm.ledger.words import measure
from crm.mail.enums import MailState
from crm.mail.models import Mail
from crm.shops.enums import Role
from crm.shops.models import Membership, Shop
from crm.stages.enums import Mark, Stage
from crm.stages.models import Relationship
from crm.tenancy.door import tenant
from crm.work.models import Work
from crm.work.tasks import work_off
from horetsu_site.demo import shop as demo
from horetsu_site.demo.words import read
from surveys.models import Response

pytestmark = pytest.mark.django_db

# The night before a month begins, a leap day, new year's morning, the height of summer.
DAYS = [
    datetime(2026, 4, 30, 14, 59, tzinfo=UTC),
    datetime(2028, 2, 29, 3, 0, tzinfo=UTC),
    datetime(2025, 12, 31, 15, 1, tzinfo=UTC),
    datetime(2027, 8, 1, 23, 0, tzinfo=UTC),
]


@pytest.mark.parametrize("now", DAYS, ids=lambda now: f"{now:%Y-%m-%d}")
def test_the_demo_shop_stands_where_it_stands_on_any_day(now):
    shop = demo.seed(now=now)

    with tenant(shop):
        rows = list(Relationship.objects.all())
        answers = Response.objects.count()
        waiting = Mail.objects.filter(state=MailState.DUE).count()
    assert Counter(row.stage for row in rows) == {
        Stage.OBSERVER: 117,
        Stage.LANDING: 103,
        Stage.EMPATHY: 54,
        Stage.ENGAGEMENT: 17,
        Stage.CIRCULATION: 9,
    }
    assert sum(Mark.RECOVERY_FIRST in row.marks for row in rows) == 10
    assert answers == 567
    assert waiting == 0


def test_nothing_in_the_demo_shop_lies_in_the_future():
    now = datetime(2026, 3, 1, 15, 5, tzinfo=UTC)  # five minutes past midnight in the shop

    shop = demo.seed(now=now)

    with tenant(shop):
        assert not Touchpoint.objects.filter(at__gt=now).exists()
        assert not Purchase.objects.filter(ordered_at__gt=now).exists()
        assert not Mail.objects.filter(accepted_at__gt=now).exists()


def test_the_demo_shop_has_complaints_open_and_closed_well_and_letters_that_wait():
    shop = demo.seed(now=timezone.now())

    with tenant(shop):
        kinds = Counter(Touchpoint.objects.values_list("kind", flat=True))
        recovered = Touchpoint.objects.filter(kind=Kind.RECOVERY, value__gt=0).count()
        cases = Counter(Complaint.objects.values_list("state", flat=True))
        nobodys = Complaint.objects.filter(owner=None).count()
    assert cases[ComplaintState.WAITING] > 2
    assert cases[ComplaintState.CLOSED] > 5
    assert nobodys == 0
    assert recovered > 0
    assert kinds[Kind.LETTER] > 10


def test_there_is_something_to_do_today_once_the_workers_have_looked():
    shop = demo.seed(now=timezone.now())

    for kind in ("review", "propose"):
        work_off(kind)

    with tenant(shop):
        assert Suggestion.objects.filter(state=SuggestionState.PROPOSED).count() > 10
    assert not Work.objects.filter(kind__in=["review", "propose"]).exists()


def test_everybody_who_works_in_the_demo_shop_has_a_role_of_their_own():
    shop = demo.seed(now=timezone.now())

    roles = Membership.objects.filter(shop=shop).values_list("role", flat=True)
    assert sorted(roles) == sorted(Role.values)


def test_every_sentence_but_the_short_ones_counts_as_own_words():
    banks = {name: said for name, said in read("words").items() if name not in ("mail", "events")}

    too_short = [
        sentence
        for name, sentences in banks.items()
        for sentence in sentences
        if (measure(sentence)[0] >= 20) == (name == "short")
    ]

    assert too_short == []


def test_the_demo_shop_is_loaded_once():
    call_command("seed_demo")
    call_command("seed_demo")

    assert Shop.objects.filter(slug=demo.SLUG).count() == 1


def test_the_demo_shop_is_for_local_mode_only(settings):
    settings.LOCAL = False

    with pytest.raises(CommandError):
        call_command("seed_demo")
