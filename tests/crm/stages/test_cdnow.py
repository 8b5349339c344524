"""The rule on real orders: the CDNOW sample, 2,357 customers of 1997 and 1998."""

import csv
import os
from collections import Counter, defaultdict
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from crm.stages.facts import History, Purchase
from crm.stages.replay import replay
from crm.stages.rules import Assessment, judge
from crm.stages.yardsticks import Yardstick, yardstick
from tests.crm.stages.builders import SETTINGS

REPOSITORY = Path(__file__).resolve().parents[3]
SHARED = Path(os.environ.get("HORETSU_SHARED", REPOSITORY.parent / "shared"))
ORDERS = SHARED / "data" / "cdnow_sample_purchases.csv"
AS_OF = date(1998, 7, 1)

pytestmark = pytest.mark.skipif(
    not ORDERS.exists(), reason=f"{ORDERS.name} is not in HORETSU_SHARED or ../shared"
)


@pytest.fixture(scope="module")
def cdnow() -> tuple[Yardstick, list[Assessment]]:
    orders: dict[str, list[Purchase]] = defaultdict(list)
    with ORDERS.open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file), start=1):
            at = datetime.fromisoformat(row["purchased_on"]).replace(tzinfo=UTC)
            hundredths = int(Decimal(row["amount"]) * 100)
            orders[row["customer_code"]].append(Purchase(number, at, hundredths))
    replays = [
        replay(History(tuple(each)), zone=ZoneInfo("UTC"), settings=SETTINGS, as_of=AS_OF)
        for each in orders.values()
    ]
    known = [each for each in replays if each]
    of_shop = yardstick(known, settings=SETTINGS)
    return of_shop, [judge(each, yardstick=of_shop) for each in known]


def test_every_order_and_every_cent_is_counted(
    cdnow: tuple[Yardstick, list[Assessment]],
) -> None:
    _, assessments = cdnow

    assert len(assessments) == 2357
    assert sum(each.facts.orders for each in assessments) == 6919
    assert sum(each.facts.spent for each in assessments) == 24_409_194


def test_the_cut_points_are_the_published_quintiles(
    cdnow: tuple[Yardstick, list[Assessment]],
) -> None:
    of_shop, _ = cdnow

    assert of_shop.recency_cuts == (153, 443, 487, 513)
    assert of_shop.orders_cuts == (1, 1, 2, 4)
    assert of_shop.spent_cuts == pytest.approx((1536, 3195.8, 5925, 13043.6))


def test_orders_alone_lead_to_landing_and_no_further(
    cdnow: tuple[Yardstick, list[Assessment]],
) -> None:
    _, assessments = cdnow

    assert Counter(each.stage for each in assessments) == {0: 1218, 1: 1139}
    assert all((each.stage == 1) == (each.facts.purchase_days >= 2) for each in assessments)
