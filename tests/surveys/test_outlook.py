"""Before a survey runs and while it does: who would be asked in the week to come, and who not."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.customers.enums import ConsentPurpose, ConsentState, PurchaseStatus
from crm.customers.services import record_consent
from crm.guard.enums import Reason, Verdict
from crm.ledger.enums import Kind
from crm.mail.models import Mail
from crm.stages.models import Relationship
from surveys.enums import LeftOut, Occasion, SurveyKind
from surveys.inviting import invite_due
from surveys.models import Invitation
from surveys.outlook import outlook
from surveys.services import begin_survey, prepare_survey
from tests.factories import NOON, make_customer, make_purchase, make_touchpoint

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture
def on(inside):
    """Asks about orders since a month."""
    return begin_survey(shop=inside, kind=SurveyKind.ORDER, at=NOON - 30 * DAY)


def order(shop, *, customer=None, heard_after=HOUR, **kwargs):
    purchase = make_purchase(customer or make_customer(shop), **kwargs)
    type(purchase).objects.filter(pk=purchase.pk).update(
        created_at=purchase.ordered_at + heard_after
    )
    return purchase


def look(survey, occasion=Occasion.EXPECTATION, now=NOON):
    """{(verdict, reason): count} of one occasion."""
    found = {each.occasion: each for each in outlook(survey, survey.shop, now=now).looks}
    return {(group.verdict, group.reason): group.count for group in found[occasion].groups}


def refused(reason, count=1):
    return {(Verdict.BLOCK, str(reason.label)): count}


ASKED = {(Verdict.ALLOW, ""): 1}


# -- while it runs -----------------------------------------------------------------------------


def test_who_is_due_within_the_week_would_be_asked_and_the_next_not_yet(on):
    order(on.shop, ordered_at=NOON - 9 * DAY, delivered_at=NOON - DAY)
    order(on.shop, ordered_at=NOON - 9 * DAY, delivered_at=NOON + HOUR)

    assert look(on, Occasion.EVALUATION) == ASKED


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        ({"status": PurchaseStatus.CANCELLED}, LeftOut.VOID),
        ({"subscription_id": "S1", "subscription_no": 2}, LeftOut.RENEWAL),
        ({"delivered_at": NOON - HOUR}, LeftOut.HAS_COME),
        ({"ordered_at": NOON - 2 * DAY, "heard_after": 4 * DAY}, LeftOut.HEARD_LATE),
    ],
)
def test_an_order_passed_over_is_shown_with_its_reason(on, told, reason):
    order(on.shop, **{"ordered_at": NOON - 2 * HOUR} | told)

    assert look(on) == refused(reason)


@pytest.mark.parametrize(
    ("person", "reason"),
    [
        ({"email": ""}, LeftOut.NO_ADDRESS),
        ({"is_contactable": False}, LeftOut.MASKED_ADDRESS),
        ({"erased_at": NOON}, LeftOut.GONE),
    ],
)
def test_somebody_who_cannot_be_reached_is_shown_with_the_reason(on, person, reason):
    order(on.shop, customer=make_customer(on.shop, **person), ordered_at=NOON - HOUR)

    assert look(on) == refused(reason)


def test_an_order_of_nobody_is_shown_too(on):
    purchase = order(on.shop, ordered_at=NOON - HOUR)
    type(purchase).objects.update(customer=None)

    assert look(on) == refused(LeftOut.NOBODY)


def test_what_the_guard_would_refuse_or_hold_is_shown_with_its_reason(on):
    said_no = order(on.shop, ordered_at=NOON - HOUR).customer
    record_consent(
        customer=said_no, purpose=ConsentPurpose.SURVEY, state=ConsentState.REFUSED,
        at=NOON, evidence={},
    )  # fmt: skip
    order(on.shop, customer=make_customer(on.shop, quiet_until=NOON + DAY), ordered_at=NOON - HOUR)

    assert look(on) == {
        (Verdict.HOLD, str(Reason.LEFT_QUIET.label)): 1,
        (Verdict.BLOCK, str(Reason.REFUSED.label)): 1,
    }


def test_somebody_whom_the_night_alone_would_delay_would_be_asked(on):
    midnight = NOON + 12 * HOUR
    order(on.shop, ordered_at=midnight - HOUR)

    assert look(on, now=midnight) == ASKED


def test_who_was_invited_already_is_not_foreseen_again(on):
    order(on.shop, ordered_at=NOON - HOUR)
    invite_due(shop=on.shop, now=NOON)

    assert look(on) == {}


def test_one_person_with_two_orders_is_asked_about_the_shop_once(inside):
    nps = begin_survey(shop=inside, kind=SurveyKind.NPS, at=NOON - 60 * DAY)
    customer = make_customer(inside)
    Relationship.objects.create(
        shop=inside, customer=customer, stage=1, peak=1, since_on=NOON.date(), orders=2,
        spent=500_000, gates=[], version="test",
    )  # fmt: skip
    for days in (28, 29):
        order(inside, customer=customer, ordered_at=NOON - days * DAY)
    order(inside, ordered_at=NOON - 28 * DAY)

    assert look(nps, Occasion.NPS) == ASKED | refused(LeftOut.NOT_LANDED)


def test_the_look_agrees_with_what_is_then_done(on):
    """Of all orders due now, the planner invites those, and only those, that were foreseen."""
    fitting = [order(on.shop, ordered_at=NOON - HOUR) for _ in range(3)]
    order(on.shop, ordered_at=NOON - HOUR, status=PurchaseStatus.TEST)
    order(on.shop, ordered_at=NOON - 9 * DAY, delivered_at=NOON - 7 * DAY)
    foreseen = outlook(on, on.shop, now=NOON)

    invite_due(shop=on.shop, now=NOON)

    would_be_asked = [
        group.count for each in foreseen.looks for group in each.groups
        if group.verdict == Verdict.ALLOW
    ]  # fmt: skip
    assert sum(would_be_asked) == Invitation.objects.count() == len(fitting) + 1
    assert {mail.state for mail in Mail.objects.all()} == {"due"}


# -- before it runs ----------------------------------------------------------------------------


def test_before_it_is_on_last_weeks_orders_show_what_a_week_would_be_like(inside):
    survey = prepare_survey(shop=inside, kind=SurveyKind.ORDER)
    order(inside, ordered_at=NOON - 6 * DAY, delivered_at=NOON - 3 * DAY)
    order(inside, ordered_at=NOON - 6 * DAY, subscription_id="S1", subscription_no=3)
    order(inside, ordered_at=NOON - 8 * DAY)

    foreseen = outlook(survey, inside, now=NOON)

    assert foreseen.is_trial
    for occasion in (Occasion.EXPECTATION, Occasion.EVALUATION):
        assert look(survey, occasion) == ASKED | refused(LeftOut.RENEWAL)


def test_an_order_heard_of_when_the_parcel_had_come_would_not_have_been_asked_before(inside):
    survey = prepare_survey(shop=inside, kind=SurveyKind.ORDER)
    order(inside, ordered_at=NOON - 4 * DAY, heard_after=2 * DAY, delivered_at=NOON - 3 * DAY)

    assert look(survey) == refused(LeftOut.HAS_COME)
    assert look(survey, Occasion.EVALUATION) == ASKED


# -- how it is shown ---------------------------------------------------------------------------


def test_a_few_people_are_named_each_once_and_nobody_who_was_erased(on):
    regular = make_customer(on.shop, name="山口 佳代")
    for _ in range(2):
        order(on.shop, customer=regular, ordered_at=NOON - HOUR)
    for _ in range(4):
        order(on.shop, ordered_at=NOON - HOUR)
    order(on.shop, customer=make_customer(on.shop, erased_at=NOON), ordered_at=NOON - HOUR)

    first, last = outlook(on, on.shop, now=NOON).looks[0].groups

    assert (first.count, len(first.people), first.people.count(regular)) == (6, 3, 1)
    assert (last.count, last.people) == (1, ())
    assert (first.has_more, last.has_more) == (True, False)


def test_nobody_else_is_spoken_of_where_one_person_placed_several_orders(on):
    regular = make_customer(on.shop, name="山口 佳代")
    for _ in range(2):
        order(on.shop, customer=regular, ordered_at=NOON - HOUR)

    (group,) = outlook(on, on.shop, now=NOON).looks[0].groups

    assert (group.count, group.people, group.has_more) == (2, (regular,), False)


def test_more_orders_than_are_looked_at_are_owned_up_to(on, monkeypatch):
    monkeypatch.setattr("surveys.outlook.MOST", 2)
    for _ in range(3):
        order(on.shop, ordered_at=NOON - HOUR)

    [found, _after] = outlook(on, on.shop, now=NOON).looks

    assert (found.count, found.is_whole) == (2, False)


@pytest.mark.parametrize("orders", [1, 3])
def test_many_orders_take_as_many_queries_as_one(on, orders, django_assert_num_queries):
    for _ in range(orders):
        order(on.shop, ordered_at=NOON - HOUR)
        order(on.shop, ordered_at=NOON - 9 * DAY, delivered_at=NOON - 3 * DAY)

    with django_assert_num_queries(23):
        outlook(on, on.shop, now=NOON)


def test_looking_writes_nothing(on):
    purchase = order(on.shop, ordered_at=NOON - HOUR)
    make_touchpoint(purchase.customer, Kind.LETTER, text="あ" * 30)

    with CaptureQueriesContext(connection) as queries:
        outlook(on, on.shop, now=NOON)

    assert len(queries) > 0
    assert [q["sql"] for q in queries if not q["sql"].lstrip().startswith("SELECT")] == []
