"""The demo shop is the same whatever day it is opened on."""

from collections import Counter
from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from crm.complaints.enums import ComplaintState
from crm.complaints.models import Complaint
from crm.customers.models import Customer, Purchase
from crm.followups.day import day_of
from crm.followups.enums import Dismissal, SuggestionState
from crm.followups.models import Suggestion
from crm.followups.selectors import told_by
from crm.followups.situation import WAITS_FOR
from crm.ledger.enums import Kind
from crm.ledger.models import Touchpoint
from crm.ledger.words import measure
from crm.mail.enums import MailState
from crm.mail.models import Mail
from crm.shops.enums import Role
from crm.shops.models import Membership, Shop
from crm.stages.enums import Direction, Mark, Stage
from crm.stages.models import Relationship
from crm.tenancy.door import tenant
from crm.work.services import mark_shops
from crm.work.tasks import work_off
from diagnosis.models import Attempt
from diagnosis.selectors import ENOUGH
from horetsu_site.demo import shop as demo
from horetsu_site.demo.words import read
from surveys.models import Response

pytestmark = pytest.mark.django_db

# A leap day, and one minute into new year's morning.
DAYS = [
    datetime(2028, 2, 29, 3, 0, tzinfo=UTC),
    datetime(2025, 12, 31, 15, 1, tzinfo=UTC),
]


@pytest.mark.parametrize("now", DAYS, ids=lambda now: f"{now:%Y-%m-%d}")
def test_the_demo_shop_stands_where_it_stands_on_any_day_with_nothing_in_the_future(now):
    shop = demo.seed(now=now)

    with tenant(shop):
        rows = list(Relationship.objects.all())
        assert Response.objects.count() == 974
        assert not Touchpoint.objects.filter(at__gt=now).exists()
        assert not Purchase.objects.filter(ordered_at__gt=now).exists()
        assert not Mail.objects.filter(accepted_at__gt=now).exists()
        assert not Suggestion.objects.filter(settled_at__gt=now).exists()
    stages = Counter(row.stage for row in rows)
    marks = Counter(mark for row in rows for mark in row.marks)
    directions = Counter(row.direction for row in rows)
    assert stages == {
        Stage.OBSERVER: 67,
        Stage.LANDING: 140,
        Stage.EMPATHY: 60,
        Stage.ENGAGEMENT: 20,
        Stage.CIRCULATION: 13,
    }
    assert (marks[Mark.RECOVERY_FIRST], marks[Mark.STALLED]) == (5, 58)
    assert directions[Direction.COOLING] == 9


def test_the_demo_shop_is_one_that_works_with_the_product():
    now = timezone.now()
    shop = demo.seed(now=now)

    with tenant(shop):
        cases = Counter(Complaint.objects.values_list("state", flat=True))
        nobodys = Complaint.objects.filter(owner=None).count()
        told = Counter(Touchpoint.objects.values_list("kind", flat=True))
        asking = [
            said
            for customer in Customer.objects.select_related("shop")
            for said in told_by(customer, since=now - WAITS_FOR)
            if said.asks_for is not None
        ]
        letters = list(Suggestion.objects.exclude(personal="").values_list("personal", flat=True))
        done = Suggestion.objects.filter(state=SuggestionState.DONE).count()
        aside = list(Suggestion.objects.filter(state=SuggestionState.DISMISSED))
        takers = Counter(Attempt.objects.values_list("stage", flat=True))
    assert (cases[ComplaintState.WAITING], cases[ComplaintState.ANSWERED], nobodys) == (1, 2, 0)
    assert cases[ComplaintState.CLOSED] > 5
    assert told[Kind.RECOVERY] > 5
    assert told[Kind.LETTER] > 10
    waiting = [said for said in asking if not said.is_answered]
    assert 4 <= len(waiting) <= 12
    assert len(asking) > 4 * len(waiting)
    assert len(letters) == len(set(letters)) > 30  # no words went to two people
    assert done > 200
    assert 10 <= len(aside) <= 40
    assert all(each.note and each.reason in Dismissal.values for each in aside)
    assert sum(n for stage, n in takers.items() if stage is not None) >= ENOUGH
    assert set(takers) == {None, *Stage}
    roles = Membership.objects.filter(shop=shop).values_list("role", flat=True)
    assert sorted(roles) == sorted(Role.values)


def test_a_first_page_has_a_handful_to_do_and_the_workers_add_and_send_nothing():
    shop = demo.seed(now=timezone.now())
    with tenant(shop):
        at_once = day_of(shop, now=timezone.now())

    mark_shops("propose", [shop.pk])
    mark_shops("invitations", [shop.pk])
    for kind in ("review", "propose", "invitations"):
        work_off(kind)

    with tenant(shop):
        later = day_of(shop, now=timezone.now())
        assert not Mail.objects.filter(state=MailState.DUE).exists()
    assert 4 <= len(at_once.tasks) <= 7
    assert at_once.resting
    assert [task.pk for task in later.tasks] == [task.pk for task in at_once.tasks]


def test_every_sentence_but_the_short_ones_counts_as_own_words():
    of_customers = {
        name: said
        for name, said in read("words").items()
        if isinstance(said, list) and name != "events" and not name.startswith("by_")
    }

    too_short = [
        sentence
        for name, sentences in of_customers.items()
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
