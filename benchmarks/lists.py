"""What the pages of a large shop cost, against the same pages of a small one.

    script/bench lists [COPIES]

The small shop is the demo shop of 300 customers; the large one holds each of its people, with
all their orders, words, stages and mails, as often as asked (300 copies: 90,000 customers).
Both stand in one PostgreSQL, and their pages are asked for in turns, through the whole
middleware. Goal: no page of the large shop costs more than 3 times that of the small one.
"""

import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.servers import servers

ROUNDS = 7
GOAL = 3.0
STRIDE = 1_000_000  # between the ids of one copy and the next; the demo shop stays far below

PAGES = {
    "today": "today/",
    "people, newest orders": "customers/",
    "people, a deep page": "customers/?after={after}",
    "people at one stage": "customers/?stage=3",
    "people who cool": "customers/?direction=cooling",
    "people by two letters": "customers/?q=山口",
    "people by their reading": "customers/?q=やまぐち",
    "people by an order": "customers/?q={order}",
    "one customer": "customers/{customer}/",
    "suggestions": "suggestions/",
    "complaints": "complaints/",
    "mails": "mail/",
    "answers": "surveys/{survey}/responses/",
    "figures": "figures/",
}

#: What is copied as often as asked, a row after those it refers to; and what is copied once.
OF_PEOPLE = (
    "crm_customer", "crm_customeridentity", "crm_consent", "crm_purchase", "crm_purchaseline",
    "crm_touchpoint", "crm_touchpointtext", "crm_complaint", "crm_note", "crm_mail",
    "crm_mailcontent", "crm_guarddecision", "crm_suggestion", "crm_acknowledgement",
    "crm_relationship", "crm_stagespell", "surveys_invitation", "surveys_response",
)  # fmt: skip
OF_SHOPS = ("crm_datedyardstick", "surveys_survey", "surveys_surveyversion")

#: What may be there once only; a cart's own name (`source`) stays for the people and orders.
ONCE = {"external_id", "email", "email_norm", "dedup_key", "thread"}
ONCE_OF_FACTS = {"crm_touchpoint": "source", "crm_note": "source"}


def main(arguments: Sequence[str]) -> None:
    copies = int(arguments[0]) if arguments else 300
    with tempfile.TemporaryDirectory(prefix="horetsu-bench-") as name, servers(Path(name)):
        small, large = _shops(copies)
        seconds = _seconds(lambda: _count_figures(large))
        print(f"{300 * copies:,} customers; their nightly figures take {seconds:.1f} s\n")
        _report({page: _times(small, large, page) for page in PAGES})


def _shops(copies: int) -> tuple[Any, Any]:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", database="owner", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)

    from django.utils import timezone

    from crm.shops.services import create_shop
    from horetsu_site.demo import shop as demo

    small = demo.seed(now=timezone.now())
    owner = small.memberships.filter(role="owner").get().user
    large = create_shop(slug="large", name="大きな店", time_zone=small.time_zone, owner=owner)
    print(f"copying {small.name} {copies} times", flush=True)
    _copy(small.pk, large.pk, copies)
    return small, large


def _copy(small: int, large: int, copies: int) -> None:
    """Every row of a customer of the small shop, as often in the large one."""
    from django.apps import apps
    from django.db import connections, transaction

    models = {model._meta.db_table: model for model in apps.get_models()}
    with transaction.atomic("owner"), connections["owner"].cursor() as cursor:
        for table in (*OF_SHOPS, *OF_PEOPLE):
            columns, values = zip(*_columns(models[table], large), strict=True)
            cursor.execute(
                f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(values)}"  # noqa: S608
                f" FROM {table} t, generate_series(1, %s) copy WHERE t.shop_id = %s",
                [copies if table in OF_PEOPLE else 1, small],
            )
    with connections["owner"].cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _columns(model: Any, shop: int) -> Iterator[tuple[str, str]]:
    """Each column of a table and what a copy has in it."""
    table = model._meta.db_table
    for field in model._meta.local_fields:
        column, kin = field.column, field.related_model
        target = kin._meta.db_table if kin else table
        if column == "shop_id":
            yield column, str(shop)
        elif field.primary_key or (kin and target in (*OF_PEOPLE, *OF_SHOPS)):
            yield column, f"t.{column} + {STRIDE} * {'copy' if target in OF_PEOPLE else 1}"
        elif column in ONCE or column == ONCE_OF_FACTS.get(table):
            yield column, f"CASE t.{column} WHEN '' THEN '' ELSE copy || '-' || t.{column} END"
        elif column == "message_id":
            yield column, "gen_random_uuid()"
        else:
            yield column, f't."{column}"'


def _count_figures(shop: Any) -> None:
    from crm.figures.tasks import renew
    from crm.tenancy.door import tenant

    is_left = True
    while is_left:
        with tenant(shop):
            is_left = renew(shop.pk) is not None


def _times(small: Any, large: Any, page: str) -> tuple[float, float]:
    """Milliseconds of a page of the small shop, and of the same of the large one."""
    from django.test import Client

    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(small.memberships.filter(role="owner").get().user)
    addresses = [
        f"/shops/{shop.slug}/{PAGES[page].format(**_words(shop))}" for shop in (small, large)
    ]
    times: list[list[float]] = [[], []]
    for _ in range(ROUNDS):
        for address, taken in zip(addresses, times, strict=True):
            begun = time.perf_counter()
            response = client.get(address)
            taken.append(1000 * (time.perf_counter() - begun))
            if response.status_code != 200:
                raise RuntimeError(f"{address}: {response.status_code}")
    return median(times[0]), median(times[1])


def _words(shop: Any) -> dict[str, Any]:
    """What the addresses name: rows of this shop, its first ones."""
    from django.db.models import Max, Min

    from crm.customers.models import Customer, Purchase
    from crm.tenancy.door import tenant
    from surveys.models import Survey

    with tenant(shop):
        ends = Customer.objects.aggregate(Min("pk"), Max("pk"))
        return {
            "customer": Customer.objects.order_by("pk")[12].pk,
            "order": Purchase.objects.order_by("pk")[12].external_id,
            "survey": Survey.objects.filter(kind="order").get().pk,
            "after": sum(ends.values()) // 2,
        }


def _report(times: dict[str, tuple[float, float]]) -> None:
    print(f"{'':24}{'small, ms':>12}{'large, ms':>12}{'ratio':>8}")
    for page, (small, large) in times.items():
        verdict = "" if large <= GOAL * small else f"  over {GOAL:g}"
        print(f"{page:24}{small:12.0f}{large:12.0f}{large / small:8.2f}{verdict}")
    worst = max(large / small for small, large in times.values())
    reached = "reached" if worst <= GOAL else "not reached"
    print(f"\nthe page that grows most does so {worst:.2f} times (goal {GOAL:g}: {reached})")


def _seconds(action: Any) -> float:
    begun = time.perf_counter()
    action()
    return time.perf_counter() - begun


if __name__ == "__main__":
    main(sys.argv[1:])
