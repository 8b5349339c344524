"""Foreseeing many questions at once says what asking one by one would say."""

from datetime import timedelta

import pytest

from crm.customers.enums import (
    ConsentPurpose,
    ConsentState,
    PurchaseStatus,
    SuppressionReason,
    SuppressionScope,
)
from crm.customers.services import record_consent, suppress
from crm.guard.enums import Reason
from crm.guard.many import Question, foresee_questions
from crm.guard.rules import decide
from crm.guard.selectors import case_of, limits_of
from crm.ledger.enums import Kind
from crm.mail.enums import MailState, Purpose
from crm.mail.models import Mail
from crm.stages.models import Relationship
from crm.tenancy.door import tenant
from tests.factories import NOON, make_customer, make_purchase, make_touchpoint

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
QUESTIONS = (Purpose.EXPECTATION, Purpose.EVALUATION, Purpose.NPS)


@pytest.fixture
def inside(shop):
    with tenant(shop):
        yield shop


def nothing_special(purchase):
    pass


def stands(purchase, stage=1, marks=()):
    Relationship.objects.create(
        shop_id=purchase.shop_id, customer=purchase.customer, stage=stage, peak=stage,
        since_on=NOON.date(), orders=1, spent=500_000, gates=[], marks=list(marks), version="test",
    )  # fmt: skip


def sent(purchase, purpose=Purpose.FOLLOW_UP, *, at=NOON - DAY, state=MailState.ACCEPTED):
    about = purchase if purpose in (Purpose.EXPECTATION, Purpose.EVALUATION) else None
    Mail.objects.create(
        shop_id=purchase.shop_id, customer=purchase.customer, purchase=about, purpose=purpose,
        to_address="a@example.com", state=state, dedup_key=f"{purchase.pk}:{at}:{purpose}",
        due_at=at, expires_at=at + DAY, sending_since=at,
    )  # fmt: skip


def change(purchase, **changes):
    type(purchase.customer).objects.filter(pk=purchase.customer_id).update(**changes)


def consent(purchase, state, at=NOON):
    record_consent(
        customer=purchase.customer, purpose=ConsentPurpose.SURVEY, state=state, at=at, evidence={}
    )


def stop(purchase, scope):
    suppress(
        shop_id=purchase.shop_id, address=purchase.customer.email, scope=scope, at=NOON,
        reason=SuppressionReason.UNSUBSCRIBED,
    )  # fmt: skip


def void(purchase):
    type(purchase).objects.filter(pk=purchase.pk).update(status=PurchaseStatus.CANCELLED)


def refused_and_then_agreed(purchase):
    consent(purchase, ConsentState.REFUSED, at=NOON - DAY)
    consent(purchase, ConsentState.GIVEN)


def asked_without_answer(purchase):
    sent(purchase, Purpose.EXPECTATION, at=NOON - 20 * DAY)


def asked_and_answered(purchase):
    asked_without_answer(purchase)
    make_touchpoint(purchase.customer, Kind.EXPECTATION, value=7, purchase=purchase)


def four_contacts(purchase):
    for days in (80, 60, 40, 20):
        sent(purchase, at=NOON - days * DAY)


def two_nps(purchase):
    stands(purchase)
    for days in (500, 300):
        sent(purchase, Purpose.NPS, at=NOON - days * DAY)


def nps_that_bounced(purchase):
    stands(purchase)
    sent(purchase, Purpose.NPS, at=NOON - 100 * DAY, state=MailState.BOUNCED)


# What there is to know about somebody, and what follows for a question about their order.
SITUATIONS = {
    "nothing": (nothing_special, Reason.FINE),
    "erased": (lambda p: change(p, erased_at=NOON), Reason.ERASED),
    "no address": (lambda p: change(p, email="", email_norm=""), Reason.NO_ADDRESS),
    "masked": (lambda p: change(p, is_contactable=False), Reason.MASKED_ADDRESS),
    "said stop": (lambda p: stop(p, SuppressionScope.ALL), Reason.SUPPRESSED),
    "no surveys": (lambda p: stop(p, SuppressionScope.SURVEY), Reason.SUPPRESSED),
    "no letters": (lambda p: stop(p, SuppressionScope.FOLLOW_UP), Reason.FINE),
    "refused": (lambda p: consent(p, ConsentState.REFUSED), Reason.REFUSED),
    "agreed later": (refused_and_then_agreed, Reason.FINE),
    "void": (void, Reason.ORDER_VOID),
    "asked once": (asked_without_answer, Reason.ASKED_ONCE),
    "answered": (asked_and_answered, Reason.FINE),
    "landed": (stands, Reason.FINE),
    "recovery": (lambda p: stands(p, marks=["recovery_first"]), Reason.RECOVERY_FIRST),
    "quiet": (lambda p: change(p, quiet_until=NOON + 9 * DAY), Reason.LEFT_QUIET),
    "a mail yesterday": (sent, Reason.DISTANCE),
    "a mail that bounced": (lambda p: sent(p, state=MailState.BOUNCED), Reason.FINE),
    "a long time ago": (lambda p: sent(p, at=NOON - 91 * DAY), Reason.FINE),
    "four contacts": (four_contacts, Reason.BUDGET),
    "a reply by hand": (lambda p: make_touchpoint(p.customer, Kind.REPLY), None),
    "two nps": (two_nps, Reason.FINE),
    "nps that bounced": (nps_that_bounced, Reason.FINE),
}


@pytest.mark.parametrize("name", SITUATIONS)
def test_together_it_answers_as_one_by_one(inside, name):
    situate, expected = SITUATIONS[name]
    purchase = make_purchase(make_customer(inside), ordered_at=NOON - 2 * DAY)
    situate(purchase)
    purchase.refresh_from_db()
    questions = [
        Question(purpose, purchase, NOON + days * DAY) for purpose in QUESTIONS for days in (0, 6)
    ]

    together = foresee_questions(inside, questions)

    limits = limits_of(inside.pk)
    assert together == [
        decide(
            case_of(
                customer=purchase.customer, purpose=question.purpose, purchase=purchase,
                now=question.at, limits=limits,
            ),
            limits,
        )
        for question in questions
    ]  # fmt: skip
    if expected:
        assert together[QUESTIONS.index(Purpose.EVALUATION) * 2].reason == expected


def test_many_people_take_as_many_queries_as_one(inside, django_assert_num_queries):
    questions = []
    for situate, _expected in SITUATIONS.values():
        purchase = make_purchase(make_customer(inside), ordered_at=NOON - 2 * DAY)
        situate(purchase)
        questions.append(Question(Purpose.EVALUATION, purchase, NOON))

    for asked in (questions[:1], questions):
        with django_assert_num_queries(9):
            foresee_questions(inside, asked)


def test_no_questions_no_answers(inside):
    assert foresee_questions(inside, []) == []
