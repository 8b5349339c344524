"""Windows and zones: the worked example of seven answers around the end of March."""

from datetime import date, datetime, timedelta

import pytest

from crm.figures.counts import recommending
from crm.figures.nps import Nps
from crm.figures.periods import Period
from crm.ledger.enums import Kind
from crm.stages.rule_settings import RuleSettings
from crm.tenancy.door import tenant
from tests.factories import make_customer, make_purchase, make_touchpoint

pytestmark = pytest.mark.django_db

RULE = RuleSettings()
MARCH = date(2026, 3, 31)
ANSWERS = [
    ("A", "2026-03-01T23:59+09:00", 10),
    ("A", "2026-03-10T12:00+09:00", 6),
    ("B", "2026-03-02T00:00+09:00", 9),
    ("C", "2026-03-15T12:00+09:00", 3),
    ("C", "2026-03-28T12:00+09:00", 9),
    ("D", "2026-03-31T23:59:59+09:00", 8),
    ("E", "2026-04-01T00:00+09:00", 0),
]


@pytest.fixture
def answers(shop):
    with tenant(shop):
        people = {name: make_customer(shop, name=name) for name in "ABCDEF"}
        for name, at, score in ANSWERS:
            make_touchpoint(people[name], Kind.NPS, at=datetime.fromisoformat(at), value=score)
        suspected = datetime.fromisoformat("2026-03-20T12:00+09:00")
        make_touchpoint(people["F"], Kind.NPS, at=suspected, value=0, is_suspected=True)
    return people


def within(monkeypatch, days: int) -> None:
    """Look at so many days, where the page looks at a year, or at a quarter for its curve."""
    monkeypatch.setattr(recommending, "YEAR", days)
    monkeypatch.setattr(recommending, "TREND_DAYS", days)


def test_the_latest_answer_of_each_person_in_thirty_days_gives_plus_25(shop, answers, monkeypatch):
    within(monkeypatch, 30)
    with tenant(shop):
        nps = Nps(*recommending.latest(shop, Period(MARCH, 30, shop.zone), RULE))

    assert nps == Nps(promoters=2, passives=1, detractors=1)
    assert nps.score == 25


def test_all_answers_of_thirty_days_give_nought(shop, answers, monkeypatch):
    within(monkeypatch, 30)
    with tenant(shop):
        *_earlier, last = recommending.trend(shop, Period(MARCH, 30, shop.zone), RULE)

    assert last == {"on": "2026-03-31", "people": [2, 1, 2]}
    assert Nps(*last["people"]).score == 0


def test_with_days_of_another_zone_the_sign_flips(shop, answers, monkeypatch):
    within(monkeypatch, 30)
    shop.time_zone = "UTC"
    with tenant(shop):
        nps = Nps(*recommending.latest(shop, Period(MARCH, 30, shop.zone), RULE))

    assert nps.score == -25


def test_what_followed_within_ninety_days_is_counted_by_group(shop):
    given = datetime.fromisoformat("2026-01-10T12:00+09:00")
    with tenant(shop):
        promoter, detractor = make_customer(shop), make_customer(shop)
        make_touchpoint(promoter, Kind.NPS, at=given, value=10)
        make_touchpoint(detractor, Kind.NPS, at=given, value=2)
        make_purchase(promoter, ordered_at=given + timedelta(days=30), total=300_000)
        make_purchase(promoter, ordered_at=given + timedelta(days=40), total=500_000)
        make_purchase(promoter, ordered_at=given - timedelta(days=1))
        make_purchase(detractor, ordered_at=given + timedelta(days=91))
        make_purchase(detractor, ordered_at=given + timedelta(days=9), status="cancelled")
        make_touchpoint(
            promoter, Kind.SHARE, at=given + timedelta(days=2), is_public=True, text="よいお茶です"
        )

        followed = recommending.followed(shop, Period(date(2026, 5, 31), 30, shop.zone), RULE)

    assert followed == [
        {"n": 1, "repeated": 1, "passed": 1, "spent": [1, 400_000.0, None]},
        {"n": 0, "repeated": 0, "passed": 0, "spent": [0, None, None]},
        {"n": 1, "repeated": 0, "passed": 0, "spent": [0, None, None]},
    ]
