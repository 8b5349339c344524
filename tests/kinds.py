"""Every kind of work, with a subject it changes something about.

`test_stranger_work.py` goes through all of them, so that a new kind without a subject
here fails.
"""

import io
from collections.abc import Callable
from datetime import date, datetime, timedelta

from django.utils import timezone

from crm.customers.erasing import erase
from crm.figures.models import KeptFigures
from crm.followups.enums import SuggestionState
from crm.followups.models import Suggestion
from crm.imports.models import ImportPiece, ImportRun
from crm.imports.uploads import upload
from crm.ledger.enums import Kind
from crm.mail.enums import MailState, Purpose
from crm.mail.models import Mail
from crm.mail.services import Words, queue_mail
from crm.shops.machines.models import ApiReply
from crm.shops.models import Shop
from crm.stages.services import reassess
from surveys.enums import SurveyKind
from surveys.services import begin_survey
from tests.factories import make_customer, make_purchase, make_touchpoint

LETTER = "いつもていねいに包んでくださり、届くたびに気持ちがあたたかくなります。"
ORDERS = b"order_id,customer_id,ordered_at,total\n1,7,2026-05-10,1200\n"


def _customer_with_a_new_fact(shop: Shop) -> int:
    customer = make_customer(shop)
    make_purchase(customer)
    make_touchpoint(customer, Kind.EVALUATION, value=9)
    return customer.pk


def _customer_with_a_complaint(shop: Shop) -> int:
    customer = make_customer(shop)
    make_touchpoint(customer, Kind.COMPLAINT, text=LETTER)
    return customer.pk


def _mail_that_is_due(shop: Shop) -> int:
    now = timezone.now()
    return queue_mail(
        customer=make_customer(shop),
        purpose=Purpose.NPS,
        words=Words("ja", "お伺い", "いかがでしたか。", "<p>いかがでしたか。</p>"),
        due_at=now - timedelta(hours=1),
        expires_at=now + timedelta(days=1),
        dedup_key="test",
    ).pk


def _shop_with_an_old_reply(shop: Shop) -> int:
    reply = ApiReply.objects.create(
        shop=shop, key="1", request_sha256="", status=200, body={"email": "kayo@example.com"}
    )
    ApiReply.objects.filter(pk=reply.pk).update(created_at=timezone.now() - timedelta(days=2))
    return shop.pk


def _somebody_erased_of_whom_something_came_in_late(shop: Shop) -> int:
    customer = make_customer(shop)
    erase(customer=customer, at=timezone.now(), by=None)
    make_touchpoint(customer, Kind.LETTER, text=LETTER)
    return customer.pk


def _letter_that_left(shop: Shop) -> int:
    mail = Mail.objects.get(pk=_mail_that_is_due(shop))
    Suggestion.objects.create(
        shop=shop,
        customer=mail.customer,
        play="empathy.answer",
        spell_from_on=date(2026, 5, 1),
        state=SuggestionState.APPROVED,
        mail=mail,
    )
    Mail.objects.filter(pk=mail.pk).update(state=MailState.ACCEPTED)
    return mail.pk


def _shop_with_something_to_do(shop: Shop) -> int:
    Suggestion.objects.create(
        shop=shop,
        customer=make_customer(shop),
        play="empathy.answer",
        spell_from_on=date(2026, 5, 1),
    )
    return shop.pk


def _uploaded_file(shop: Shop) -> int:
    by = shop.memberships.get().user
    return upload(shop=shop, by=by, file=io.BytesIO(ORDERS), file_name="orders.csv").pk


def _shop_with_an_old_file(shop: Shop) -> int:
    run = ImportRun.objects.get(pk=_uploaded_file(shop))
    ImportPiece.objects.filter(run=run).update(created_at=timezone.now() - timedelta(days=365))
    return shop.pk


def _shop_with_customers(shop: Shop) -> int:
    _customer_with_a_new_fact(shop)
    return shop.pk


def _shop_with_somebody_without_advice(shop: Shop) -> int:
    _somebody_close(shop, now=timezone.now())
    return shop.pk


def _shop_with_somebody_long_silent(shop: Shop) -> int:
    _somebody_close(shop, now=timezone.now() - timedelta(days=3 * 365))
    return shop.pk


def _somebody_close(shop: Shop, *, now: datetime) -> None:
    customer = make_customer(shop)
    make_purchase(customer, ordered_at=now - timedelta(days=5))
    make_touchpoint(customer, Kind.LETTER, at=now - timedelta(hours=1), text=LETTER)
    reassess(customer=customer, now=now)


def _shop_with_an_order_to_ask_about(shop: Shop) -> int:
    now = timezone.now()
    begin_survey(shop=shop, kind=SurveyKind.ORDER, at=now - timedelta(hours=2))
    make_purchase(make_customer(shop), ordered_at=now - timedelta(hours=1))
    return shop.pk


def _shop_that_was_large(shop: Shop) -> int:
    KeptFigures.objects.create(shop=shop, days=90, until_on="2026-05-09", numbers={})
    return shop.pk


#: Each makes its subject inside the shop and returns what its work names: the ref.
SUBJECTS: dict[str, Callable[[Shop], int]] = {
    "api_tidy": _shop_with_an_old_reply,
    "complaint": _customer_with_a_complaint,
    "forget": _somebody_erased_of_whom_something_came_in_late,
    "digest": _shop_with_something_to_do,
    "figures": _shop_that_was_large,
    "import": _uploaded_file,
    "import_tidy": _shop_with_an_old_file,
    "invitations": _shop_with_an_order_to_ask_about,
    "lapse": _shop_with_somebody_long_silent,
    "letter": _letter_that_left,
    "propose": _shop_with_somebody_without_advice,
    "review": _customer_with_a_new_fact,
    "send": _mail_that_is_due,
    "yardstick": _shop_with_customers,
}
