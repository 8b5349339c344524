"""An answer that was confirmed is kept, counts once and is reviewed, whatever dies meanwhile.

Real people's POSTs through the real pages, while the database, the pages, the workers and
the broker are killed. Each control breaks one promise, and the same check must then find it.
"""

import http.client
import os
import random
import signal
import socket
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from crm.customers.models import Customer, Purchase
from crm.ledger.models import Touchpoint
from crm.shops.models import Shop
from crm.tenancy.door import tenant
from surveys.enums import Occasion, SurveyKind
from surveys.inviting import answer_url
from surveys.models import Invitation, Response
from surveys.services import begin_survey
from surveys.tokens import stamp
from tests.factories import NOON
from tests.faults.harness import Engine, children_of, wait_until
from tests.faults.test_work import is_done, let_a_worker_come_to
from tests.faults.visitors import Answer, Visitors

pytestmark = pytest.mark.faults

ORDERS_EACH = 5  # of a customer, each asked about before and after the parcel came
OCCASIONS = (Occasion.EXPECTATION, Occasion.EVALUATION)


class House:
    """Pages, a worker and beat, and what may befall them."""

    def __init__(self, engine: Engine, listener: socket.socket, breaking: str) -> None:
        self.engine = engine
        self.breaking = breaking
        self.port: int = listener.getsockname()[1]
        self.web = engine.start_web(listener, breaking=breaking)
        self.worker = engine.start_worker(breaking=breaking)
        engine.start_beat()
        wait_until(self.answers)

    def answers(self) -> bool:
        visitor = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            visitor.request("GET", "/healthz")
            return visitor.getresponse().status == 200
        except OSError:
            return False
        finally:
            visitor.close()

    def lose_the_database(self) -> None:
        self.engine.crash_postgres()

    def lose_pages(self) -> None:
        os.kill(random.choice(children_of(self.web.pid)), signal.SIGKILL)

    def lose_the_worker(self) -> None:
        self.engine.kill(self.worker)
        self.worker = self.engine.start_worker(breaking=self.breaking)

    def lose_all_messages(self) -> None:
        self.engine.flush_broker()

    def lose_the_broker(self) -> None:
        self.engine.valkey.stop()

    def find_the_broker(self) -> None:
        self.engine.valkey.start()


Fault = Callable[[House], None]


@contextmanager
def house(engine: Engine, *, breaking: str = "") -> Iterator[House]:
    with socket.create_server(("127.0.0.1", 0), backlog=128) as listener:
        yield House(engine, listener, breaking)


def invite(shop: Shop, many: int) -> list[Answer]:
    """So many invitations, and what the people invited are going to send.

    Those of one person follow each other, so that they come while the person is reviewed.
    """
    now = timezone.now()
    with tenant(shop):
        survey = begin_survey(shop=shop, kind=SurveyKind.ORDER, at=NOON)
        version = survey.versions.get()
        customers = Customer.objects.bulk_create(
            Customer(
                shop=shop,
                name=f"山口 佳代{n}",
                email=f"{n}@example.com",
                email_norm=f"{n}@example.com",
            )
            for n in range(many // (ORDERS_EACH * len(OCCASIONS)))
        )
        purchases = Purchase.objects.bulk_create(
            Purchase(shop=shop, customer=customer, source="test", external_id=f"{customer.pk}-{n}",
                     ordered_at=NOON, total=500_000, currency="JPY")
            for customer in customers for n in range(ORDERS_EACH)
        )  # fmt: skip
        invitations = Invitation.objects.bulk_create(
            Invitation(shop=shop, survey=survey, version=version, customer=purchase.customer,
                       purchase=purchase, occasion=occasion, nonce=f"nonce-{purchase.pk}",
                       invited_at=NOON, expires_at=now + timedelta(days=60))
            for purchase in purchases for occasion in OCCASIONS
        )  # fmt: skip
    return [
        Answer(
            invitation.pk,
            answer_url(invitation).removeprefix(settings.BASE_URL),
            {
                "score": str(invitation.pk % 11),
                "words": f"香りがとても良くて、母にも淹れてあげたいと思います。{invitation.pk}",
                "homepage": "",
                "shown": stamp(invitation.pk, at=now - timedelta(minutes=1)),
            },
        )
        for invitation in invitations
    ]


def answer_amid(house: House, answers: list[Answer], faults: list[Fault]) -> Visitors:
    """Have all answers sent until each is confirmed, with the faults spread over the way."""
    visitors = Visitors(house.port)
    visitors.begin(answers)
    for number, fault in enumerate(faults, 1):
        wanted = len(answers) * number // (len(faults) + 1)
        wait_until(
            lambda wanted=wanted: len(visitors.confirmed) >= wanted or visitors.are_done(),
            seconds=180,
        )
        fault(house)
    wait_until(visitors.are_done, seconds=180)
    wait_until(lambda: is_done("review"), seconds=180)
    return visitors


@dataclass
class Toll:
    """What the faults cost, by invitation or customer."""

    lost: list[int]
    doubled: list[int]
    changed: list[int]
    unreviewed: list[int]


NOTHING = Toll([], [], [], [])


def toll_of(shop: Shop, confirmed: list[Answer]) -> Toll:
    with tenant(shop), connection.cursor() as cursor:
        responses = Response.objects.select_related("touchpoint__text_row")
        stored = {row.invitation_id: (str(row.score), row.words) for row in responses}
        facts = Counter(Touchpoint.objects.values_list("response", flat=True))
        cursor.execute("SELECT ref, max(seen) FROM fault_trace WHERE kind = 'review' GROUP BY 1")
        seen_by_review = dict(cursor.fetchall())
        has_said = Counter(Touchpoint.objects.values_list("customer_id", flat=True))
    said = {a.invitation_id: (a.form["score"], a.form["words"]) for a in confirmed}
    return Toll(
        lost=sorted(said.keys() - stored.keys()),
        doubled=sorted(i for i in said if facts[f"surveys.invitation:{i}"] > 1),
        changed=sorted(i for i in said.keys() & stored.keys() if stored[i] != said[i]),
        unreviewed=sorted(c for c, many in has_said.items() if seen_by_review.get(c, 0) < many),
    )


def test_ten_thousand_confirmed_answers_survive_the_loss_of_everything(engine, tea_shop):
    seed = int(os.environ.get("HORETSU_SEED", random.randrange(2**32)))
    print(f"HORETSU_SEED={seed}")
    random.seed(seed)
    faults: list[Fault] = [
        *[House.lose_the_database] * 5,
        *[House.lose_pages] * 4,
        *[House.lose_the_worker] * 4,
        *[House.lose_all_messages] * 2,
    ]
    random.shuffle(faults)
    answers = invite(tea_shop, 10_000)

    with house(engine) as site:
        visitors = answer_amid(site, answers, faults)

    print(Counter(visitors.instead))
    assert len(visitors.confirmed) == len(answers)
    assert toll_of(tea_shop, visitors.confirmed) == NOTHING
    # While the database was away people were told so, with their words kept; nothing worse.
    assert {came for came in visitors.instead if came.isdigit()} <= {"503"}


def test_while_the_broker_is_away_answers_are_taken_as_usual_and_reviewed_when_it_is_back(
    engine, tea_shop
):
    with house(engine) as site:
        faults = [House.lose_the_broker, House.find_the_broker]
        visitors = answer_amid(site, invite(tea_shop, 300), faults)

    assert visitors.instead == []
    assert toll_of(tea_shop, visitors.confirmed) == NOTHING


def test_control_a_database_that_confirms_too_early_loses_answers(engine, tea_shop):
    with engine.as_app() as app:  # a role may set its own defaults
        app.execute("ALTER ROLE horetsu_app SET synchronous_commit = off")
    try:
        with house(engine) as site:
            visitors = answer_amid(site, invite(tea_shop, 600), [House.lose_the_database] * 3)
    finally:
        with engine.as_app() as app:
            app.execute("ALTER ROLE horetsu_app RESET synchronous_commit")

    assert toll_of(tea_shop, visitors.confirmed).lost


def test_control_pages_that_store_whatever_comes_count_answers_twice(engine, tea_shop):
    with house(engine, breaking="stores_every_answer") as site:
        visitors = answer_amid(site, invite(tea_shop, 100), [])

    assert toll_of(tea_shop, visitors.confirmed).doubled


def test_control_reviews_that_are_messages_only_are_lost_with_them(engine, tea_shop):
    with house(engine, breaking="reviews_by_message") as site:
        engine.kill(site.worker)
        visitors = answer_amid(site, invite(tea_shop, 100), [])
        site.lose_all_messages()
        engine.start_worker(breaking=site.breaking)
        let_a_worker_come_to(tea_shop)

    assert toll_of(tea_shop, visitors.confirmed).unreviewed
