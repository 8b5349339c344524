"""`stage_report` and `recompute_stages`, as a person types them."""

import csv
import json
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from crm.customers.models import Customer, CustomerIdentity
from crm.ledger.enums import Kind
from crm.shops.models import Shop
from crm.stages.models import DatedYardstick, Relationship
from crm.tenancy.door import tenant
from tests.factories import NOON, make_customer, make_purchase, make_touchpoint

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
COLUMNS = (
    "external_id,email,stage,stage_since,peak_stage,orders,purchase_days,spent,"
    "first_purchase_on,last_purchase_on,tenure_days,recency_days,rhythm_days,r,f,m,balance,nps,"
    "words,delights,acts,passes,recovered,unresolved,warmth,direction,stalled,dormant,review_on"
)


@pytest.fixture
def people(shop: Shop) -> list[Customer]:
    with tenant(shop):
        fan, silent = make_customer(shop, email="kayo@example.com"), make_customer(shop, email="")
        for source, external_id in (("eccube", "0012"), ("store", "A-7")):
            CustomerIdentity.objects.create(
                shop=shop, customer=fan, source=source, external_id=external_id
            )
        make_purchase(fan, ordered_at=NOON - 10 * DAY, total=864_050)
        make_touchpoint(fan, Kind.NPS, at=NOON - 3 * DAY, value=9)
        make_touchpoint(fan, Kind.COMPLAINT, at=NOON - DAY)
        return [fan, silent]


def _run(command: str, *args: str) -> str:
    out = StringIO()
    call_command(command, *args, stdout=out)
    return out.getvalue()


def _report(form: str, day: str = "2026-05-10") -> str:
    return _run("stage_report", "--shop", "otonari", "--as-of", day, "--format", form)


def test_the_table_has_a_line_for_each_customer(people: list[Customer]) -> None:
    table = _report("csv")

    header, fan, silent = table.splitlines()
    assert header == COLUMNS
    assert fan == (
        "0012;A-7,kayo@example.com,1,2026-05-07,1,1,1,8640.50,2026-04-30,2026-04-30,0,10,90.0,"
        "5,1,1,,9,0,0,0,0,,true,-1.206855626,quiet,false,false,2026-06-08"
    )
    assert silent == ",,0,,0,0,0,0.00,,,,,,,,,,,0,0,0,0,,false,,,false,false,"


def test_json_says_the_same(people: list[Customer]) -> None:
    lines: list[dict[str, Any]] = json.loads(_report("json"))

    rows = list(csv.DictReader(StringIO(_report("csv"))))
    assert [",".join(line) for line in lines] == [COLUMNS, COLUMNS]
    assert lines[0]["unresolved"] is True
    assert lines[0]["balance"] is None
    assert lines[0]["stage"] == int(rows[0]["stage"])
    assert lines[0]["warmth"] == float(rows[0]["warmth"])


def test_a_report_is_as_of_the_end_of_its_day(people: list[Customer]) -> None:
    before, then = (
        next(csv.DictReader(StringIO(_report("csv", day)))) for day in ("2026-05-06", "2026-05-07")
    )

    assert (before["stage"], then["stage"]) == ("0", "1")
    assert before["unresolved"] == "false"


def test_a_report_stores_nothing(shop: Shop, people: list[Customer]) -> None:
    _report("csv")

    with tenant(shop):
        assert not Relationship.objects.exists()
        assert not DatedYardstick.objects.exists()


def test_an_empty_shop_is_an_empty_list(shop: Shop) -> None:
    assert json.loads(_report("json")) == []
    assert _report("csv") == COLUMNS + "\n"


def test_recomputing_says_how_many_were_judged(shop: Shop, people: list[Customer]) -> None:
    said = _run("recompute_stages", "--shop", "otonari", "--as-of", "2026-05-10", "--full")

    assert "2" in said
    assert "2026-05-10" in said
    with tenant(shop):
        assert Relationship.objects.get().customer_id == people[0].pk


@pytest.mark.parametrize("command", ["recompute_stages", "stage_report"])
def test_a_shop_nobody_knows_is_told_so(shop: Shop, command: str) -> None:
    more = ["--format", "csv"] if command == "stage_report" else []

    with pytest.raises(CommandError, match="yosono"):
        _run(command, "--shop", "yosono", *more)
