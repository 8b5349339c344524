"""The whole thread, with everything going wrong that can, and nobody's data in the logs."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from crm.customers.models import Customer
from crm.guard import tasks as guard
from crm.mail.enums import Fate
from crm.mail.smtp import Outcome
from crm.mail.tokens import unsubscribe_url
from crm.models import Mail, Work
from crm.shops.models import Shop, User
from crm.tenancy.door import tenant
from crm.work.tasks import work_off
from surveys.enums import SurveyKind
from surveys.inviting import answer_url
from surveys.models import Invitation
from surveys.services import begin_survey
from tests.horetsu_site.test_logs import lines  # noqa: F401  (a fixture)
from tests.machines import Machine

pytestmark = pytest.mark.django_db(transaction=True)

ADDRESS, NAME, WORDS = "kinshi@canary.example", "鳥居 金糸", "さえずりを聞いて思い出しました。"
CANARIES = ["canary.example", "kinshi", "鳥居", "金糸", "さえずり"]


@pytest.fixture
def _every_mail_is_refused(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    """Mails go at any hour, and every server refuses the recipient by name."""
    settings.EMAIL_URL = "smtp://127.0.0.1:1"
    refused = Outcome(Fate.SENDER_REFUSED, 550, f"5.7.1 <{ADDRESS}> relaying denied")
    monkeypatch.setattr(guard, "deliver", lambda *args, **kwargs: refused)
    monkeypatch.setattr("crm.guard.rules._morning", lambda case, limits: None)


def order(n: int) -> dict[str, Any]:
    return {
        "external_id": f"A-{n}",
        "customer": {"external_id": "C-1", "email": ADDRESS, "name": NAME},
        "ordered_at": (timezone.now() - timedelta(minutes=5)).isoformat(),
        "total": "1200",
    }


@pytest.mark.usefixtures("_every_mail_is_refused")
def test_after_the_whole_thread_no_log_knows_anybody(
    shop: Shop,
    owner: User,
    client: Client,
    lines: Any,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    machine = Machine(shop)
    with tenant(shop):
        begin_survey(shop=shop, kind=SurveyKind.ORDER, at=timezone.now() - timedelta(days=1))
    client.raise_request_exception = False

    # In by the API, asked, and the mail refused by a server that repeats the address.
    assert machine.tell("purchases/", order(1)).status_code == 201
    assert machine.tell("purchases/", order(2) | {"total": "x"}).status_code == 400
    work_off("invitations")
    assert work_off("send")
    with tenant(shop):
        kayo = Customer.objects.get()
        invitation = Invitation.objects.get()
        answer, stop = answer_url(invitation), unsubscribe_url(kayo)
        assert Mail.objects.get().reason == "sender_refused"

    # Answered; found by staff; and the page that stores words crashes with them in its hands.
    client.post(answer, {"score": "9", "words": WORDS})
    client.post("/login/", {"login": owner.email, "password": "correct horse battery"})
    client.get(f"/shops/{shop.slug}/customers/", {"q": NAME})

    def crash(**kwargs: Any) -> None:
        raise ValueError(f"{NAME} {ADDRESS} {WORDS}")

    monkeypatch.setattr("surveys.views.record_answer", crash)
    monkeypatch.setattr("crm.mail.unsubscribing.choose", crash)
    monkeypatch.setattr("crm.followups.tasks.reassess", crash)
    assert client.post(answer, {"score": "8", "words": WORDS}).status_code == 500
    assert client.post(f"{stop}choose/", {"topics": "survey"}).status_code == 500
    assert client.get(f"{answer}nothing/{NAME}").status_code == 404
    work_off("review")
    assert Work.objects.filter(kind="review", last_error__contains="ValueError").exists()
    client.post(f"{stop}stop/")

    written = [json.dumps(line, ensure_ascii=False) for line in lines()]
    assert len(written) > 10, "pages, a refusal, three crashes"
    tokens = [url.rstrip("/").rpartition("/")[2] for url in (answer, stop)]
    secrets = [*CANARIES, *tokens, *(token.rpartition(".")[2] for token in tokens)]
    assert [line for line in written if any(secret in line for secret in secrets)] == []
