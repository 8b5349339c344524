from datetime import UTC, date, datetime, timedelta

import pytest

from crm.ledger.enums import Kind
from crm.stages.enums import Stage
from crm.stages.replay import Spell
from crm.tenancy.door import tenant
from horetsu_site.pages import timeline as module
from horetsu_site.pages.timeline import Key, timeline
from tests.factories import NOON, make_customer, make_purchase, make_touchpoint


@pytest.mark.django_db
@pytest.mark.parametrize("size", [1, 2, 3, 50])
def test_the_pages_together_hold_everything_once_and_in_order(shop, monkeypatch, size):
    monkeypatch.setattr(module, "SIZE", size)
    spells = [
        Spell(stage=Stage.OBSERVER, from_on=date(2026, 5, 9), to_on=date(2026, 5, 10)),
        Spell(stage=Stage.LANDING, from_on=date(2026, 5, 10), to_on=None),
    ]
    with tenant(shop):
        kayo = make_customer(shop)
        for _ in range(3):  # all at one moment
            make_purchase(kayo, ordered_at=NOON)
            make_touchpoint(kayo, Kind.NPS, value=9, at=NOON)
        make_purchase(kayo, ordered_at=NOON - timedelta(microseconds=1))

        seen, after = [], None
        for _ in range(9):
            page = timeline(kayo, shop, now=NOON, spells=spells, after=after)
            assert len(page.entries) <= size
            seen += [entry.key for entry in page.entries]
            if page.next_after is None:
                break
            after = Key.read(str(page.next_after))

    assert len(seen) == len(set(seen)) == 9
    assert seen == sorted(seen, reverse=True)


@pytest.mark.django_db
def test_a_stage_stands_above_everything_of_the_day_that_led_to_it(shop):
    spell = Spell(stage=Stage.LANDING, from_on=date(2026, 5, 10), to_on=None)
    with tenant(shop):
        kayo = make_customer(shop)
        make_purchase(kayo, ordered_at=datetime(2026, 5, 10, 14, 59, tzinfo=UTC))  # 23:59 in Tokyo
        make_purchase(kayo, ordered_at=datetime(2026, 5, 10, 15, 0, tzinfo=UTC))  # the day after

        kinds = [entry.key.kind for entry in timeline(kayo, shop, now=NOON, spells=[spell]).entries]

    assert kinds == ["purchase", "stage", "purchase"]


@pytest.mark.parametrize(
    "text",
    ["", "1", "1.mail", "x.mail.1", "1.mail.x", "-1.mail.1", "9" * 18 + ".mail.1", "1\x00.mail.1"],
)
def test_an_address_without_a_key_of_ours_begins_at_the_newest(text):
    assert Key.read(text) is None


def test_a_key_survives_its_way_through_an_address():
    key = Key(datetime(2026, 5, 10, 3, 0, 0, 123456, tzinfo=UTC), "mail", 42)

    assert Key.read(str(key)) == key
