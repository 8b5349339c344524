from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from crm.ledger.enums import Kind
from crm.stages.enums import Balance, Stage
from crm.stages.services import reassess
from crm.tenancy.door import tenant
from horetsu_site.pages import standing as module
from horetsu_site.pages.gaps import SHOWN
from horetsu_site.pages.standing import standing
from horetsu_site.pages.timeline import timeline
from tests.factories import make_customer, make_purchase, make_touchpoint

pytestmark = pytest.mark.django_db

LETTER = "毎朝いただいています。香りがとてもよくて、家族みんなで楽しみにしています。"
NOW = timezone.now()


def days_ago(days):
    return NOW - timedelta(days=days)


@pytest.fixture
def kayo(shop):
    """Bought twice, wrote, and was delighted; judged."""
    with tenant(shop):
        kayo = make_customer(shop)
        for days, expected, evaluated in ((300, 7, 7), (30, 6, 9)):
            order = make_purchase(kayo, ordered_at=days_ago(days))
            for kind, value, after in (
                (Kind.EXPECTATION, expected, 1),
                (Kind.EVALUATION, evaluated, 9),
            ):
                make_touchpoint(kayo, kind, value=value, at=days_ago(days - after), purchase=order)
        make_touchpoint(kayo, Kind.LETTER, text=LETTER, at=days_ago(5))
        reassess(customer=kayo, now=NOW)
        return kayo


def of(shop, customer):
    found = standing(customer, shop, as_of=NOW.astimezone(shop.zone).date())
    assert found is not None
    return found


def test_with_very_many_facts_the_page_says_the_same_without_a_replay(shop, kayo, monkeypatch):
    with tenant(shop):
        replayed = of(shop, kayo)
        monkeypatch.setattr(module, "REPLAYED_AT_ONCE", 0)
        monkeypatch.setattr(module, "replay", None)
        as_stored = of(shop, kayo)

    same = ("stage", "since", "peak", "direction", "facts", "scores", "warmth", "ways")
    for name in (*same, "proofs", "gaps", "lapses_on"):
        assert getattr(as_stored, name) == getattr(replayed, name), name
    for name in ("spells", "marks"):
        assert list(getattr(as_stored, name)) == list(getattr(replayed, name)), name


def test_somebody_never_judged_has_no_standing_before_their_first_review(shop, monkeypatch):
    monkeypatch.setattr(module, "REPLAYED_AT_ONCE", 0)
    with tenant(shop):
        new = make_customer(shop)
        make_purchase(new)

        assert standing(new, shop, as_of=date(2026, 6, 1)) is None


def test_each_proof_leads_to_its_place_on_the_line_of_time(shop, kayo):
    with tenant(shop):
        found = of(shop, kayo)
        for proof in found.proofs:
            first = timeline(kayo, shop, now=timezone.now(), after=proof.after).entries[0]
            assert f"{first.key.kind}-{first.it.pk}" == proof.anchor

    assert {proof.stage for proof in found.proofs} == {Stage.LANDING, Stage.EMPATHY}


def test_the_curve_begins_each_rise_on_its_day_and_ends_with_the_warmth_of_today(shop, kayo):
    with tenant(shop):
        found = of(shop, kayo)

    curve = {date.fromisoformat(day): value for day, value in found.curve.data["curve"]}
    today = NOW.astimezone(shop.zone).date()
    bought_on = today - timedelta(days=30)
    assert curve[today] == pytest.approx(found.warmth, abs=0.001)
    assert curve[bought_on] == pytest.approx(curve[bought_on - timedelta(days=1)], rel=0.02)
    assert curve[bought_on + timedelta(days=15)] > curve[bought_on] + 1
    assert min(curve) == today - timedelta(days=300)
    # Two orders, two answers, a letter; the expectations weigh nothing.
    assert [event["is_words"] for event in found.curve.data["events"]].count(True) == 3
    assert len(found.curve.data["events"]) == len(found.curve.rows) == 5


def test_a_curve_shows_one_year_at_most(shop):
    with tenant(shop):
        kayo = make_customer(shop)
        make_purchase(kayo, ordered_at=days_ago(900))
        make_purchase(kayo, ordered_at=days_ago(100))

        found = of(shop, kayo)

    assert len(found.curve.data["curve"]) == 366
    assert len(found.curve.data["events"]) == 1


def test_a_gap_is_two_dots_and_the_band_around_the_first(shop, kayo):
    with tenant(shop):
        newest, oldest = of(shop, kayo).gaps

    assert (newest.balance, oldest.balance) == (Balance.DELIGHTED, Balance.SATISFIED)
    assert (newest.pair.expected, newest.pair.evaluated) == (6, 9)
    assert newest.pair.evaluated_y < newest.pair.band_y < newest.pair.expected_y
    assert newest.pair.band_height == Decimal("16.8")
    assert oldest.pair.expected_y == oldest.pair.evaluated_y


def test_a_feeling_without_numbers_has_no_dots_and_only_the_newest_are_shown(shop):
    with tenant(shop):
        kayo = make_customer(shop)
        for days in range(10, 10 + SHOWN + 1):
            make_touchpoint(kayo, Kind.PERCEIVED, value=1, at=days_ago(days))

        gaps = of(shop, kayo).gaps

    assert [gap.pair for gap in gaps] == [None] * SHOWN
    assert gaps[0].answered_on > gaps[-1].answered_on
    assert gaps[0].ordered_on is None


def test_a_band_never_leaves_the_scale(shop):
    with tenant(shop):
        kayo = make_customer(shop)
        order = make_purchase(kayo, ordered_at=days_ago(30))
        make_touchpoint(kayo, Kind.EXPECTATION, value=10, at=days_ago(29), purchase=order)
        make_touchpoint(kayo, Kind.EVALUATION, value=9, at=days_ago(20), purchase=order)

        (gap,) = of(shop, kayo).gaps

    assert gap.pair.band_y == gap.pair.expected_y == 8
    assert gap.pair.band_height == Decimal("8.4")
