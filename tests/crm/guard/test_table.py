"""The whole table: stage × measure × channel, when a contact is planned and when it is sent.

What is forbidden stands here once more by hand, after domain.md, section 6.
"""

from collections.abc import Iterator
from datetime import date, time, timedelta
from itertools import product
from typing import Any

import pytest
from django.utils import timezone

from crm.customers.enums import ConsentPurpose, ConsentState
from crm.customers.models import Customer
from crm.customers.services import record_consent
from crm.guard.enums import Channel, Measure, Moment, Reason, Verdict
from crm.guard.models import GuardDecision, GuardSettings
from crm.guard.services import ask
from crm.mail.enums import MailState, Purpose
from crm.mail.services import Words, queue_mail
from crm.shops.models import Shop
from crm.stages.enums import Stage
from crm.stages.models import Relationship
from crm.tenancy.door import tenant
from crm.work.tasks import work_off
from tests.factories import make_customer
from tests.smtp_server import SmtpServer

pytestmark = pytest.mark.django_db

FORBIDS = {
    Stage.OBSERVER: {
        *("offer.signup_discount", "offer.subscription", "offer.vip"),
        *("flood.newsletter", "flood.features", "flood.authority", "call.comment", "call.action"),
    },
    Stage.LANDING: {"landing.upsell", "landing.success_story"},
    Stage.EMPATHY: {"empathy.template", "empathy.automatic", "empathy.everyone"},
    Stage.ENGAGEMENT: {"engagement.control", "engagement.rating", "engagement.command"},
    Stage.CIRCULATION: {
        *("circulation.special_treatment", "circulation.load", "circulation.granted"),
    },
}
TOO_CLOSE = {
    (Stage.OBSERVER, Channel.LETTER),
    (Stage.OBSERVER, Channel.PHONE),
    (Stage.LANDING, Channel.PHONE),
}
#: What each sounds like; words that betray nothing else, in one of the two languages.
SOUNDS = {
    Measure.SIGNUP_DISCOUNT: "送料無料です",
    Measure.SUBSCRIPTION: "定期お届けはいかが",
    Measure.VIP: "ランクアップ",
    Measure.NEWSLETTER: "our newsletter",
    Measure.FEATURES: "3 reasons",
    Measure.AUTHORITY: "金賞をいただき",
    Measure.COMMENT: "please comment",
    Measure.ACTION: "今すぐ",
    Measure.UPSELL: "ワンランク上の品",
    Measure.SUCCESS_STORY: "体験談",
    Measure.TEMPLATE: "平素は格別の",
    Measure.AUTOMATIC: "自動送信です",
    Measure.EVERYONE: "dear all",
    Measure.CONTROL: "規約に従って",
    Measure.RATING: "your score",
    Measure.COMMAND: "you must",
    Measure.SPECIAL_TREATMENT: "アンバサダー",
    Measure.LOAD: "spread the word",
    Measure.GRANTED: "期待しています",
}


CELLS = list(product(SOUNDS, Channel))


@pytest.fixture
def server(settings: Any) -> Iterator[SmtpServer]:
    with SmtpServer() as server:
        settings.EMAIL_URL = f"smtp://127.0.0.1:{server.port}?timeout=1"
        yield server


@pytest.fixture
def ready_shop(shop: Shop) -> Shop:
    """Our shop with a name to write in and no night, so that only the table decides."""
    shop.keeper_name, shop.postal_address = "三浦 紗季", "長野県松本市見本町1-2"
    shop.save()
    with tenant(shop):
        GuardSettings.objects.create(shop=shop, night_from=time(0), night_until=time(0))
    return shop


def person_at(stage: Stage, shop: Shop) -> Customer:
    """Somebody at this stage, who asked for letters."""
    customer = make_customer(shop)
    Relationship.objects.create(
        shop=shop, customer=customer, stage=stage, since_on=date(2026, 1, 1), peak=stage,
        orders=1, spent=0, gates={}, version="test",
    )  # fmt: skip
    record_consent(
        customer=customer,
        purpose=ConsentPurpose.FOLLOW_UP,
        state=ConsentState.GIVEN,
        at=timezone.now(),
        evidence={},
    )
    return customer


def letter_with(measure: Measure) -> str:
    return f"こんにちは。{SOUNDS[measure]} 、またいつか。"


def expected(stage: Stage, measure: Measure, channel: Channel) -> tuple[Verdict, Reason]:
    if (stage, channel) in TOO_CLOSE:
        return Verdict.BLOCK, Reason.TOO_CLOSE
    if measure in FORBIDS[stage]:
        return Verdict.BLOCK, Reason.MEASURE_FORBIDDEN
    return Verdict.ALLOW, Reason.FINE


def test_the_table_is_whole():
    assert set().union(*FORBIDS.values()) == set(Measure) == set(SOUNDS)


@pytest.mark.parametrize("stage", Stage)
def test_at_planning(stage, ready_shop):
    answers = {}
    with tenant(ready_shop):
        customer = person_at(stage, ready_shop)
        for measure, channel in CELLS:
            decision = ask(
                customer=customer,
                purpose=Purpose.FOLLOW_UP,
                channel=channel,
                words=letter_with(measure),
                moment=Moment.PLANNING,
                now=timezone.now(),
            )
            answers[measure, channel] = (decision.verdict, decision.reason)
        kept = GuardDecision.objects.order_by("pk").values_list("verdict", "reason")

        assert answers == {cell: expected(stage, *cell) for cell in CELLS}
        assert list(kept) == list(answers.values())


@pytest.mark.parametrize("stage", Stage)
def test_at_sending(stage, ready_shop, server):
    now = timezone.now()
    with tenant(ready_shop):
        mails = {
            measure: queue_mail(
                customer=person_at(stage, ready_shop),
                purpose=Purpose.FOLLOW_UP,
                words=Words("ja", "お便り", letter_with(measure), ""),
                due_at=now - timedelta(minutes=1),
                expires_at=now + timedelta(days=1),
                dedup_key=f"table:{measure}",
            )
            for measure in SOUNDS
        }

    work_off("send")

    refused = FORBIDS[stage]
    with tenant(ready_shop):
        for measure, mail in mails.items():
            mail.refresh_from_db()
            kept = GuardDecision.objects.get(mail=mail)
            assert (kept.moment, kept.verdict, kept.reason) == (
                Moment.SENDING,
                *expected(stage, measure, Channel.MAIL),
            )
            if measure in refused:
                assert kept.facts["measures"] == [measure]
                assert (mail.state, mail.reason) == (MailState.BLOCKED, Reason.MEASURE_FORBIDDEN)
            else:
                assert mail.state == MailState.ACCEPTED
    assert len(server.messages) == len(SOUNDS) - len(refused)
