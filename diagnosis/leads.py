"""From a taker to a person of the shop that runs the quiz, at their own wish only.

Anybody can type any address, so asking for the result makes a customer nobody may write to:
one mail with the result goes out, and only a press behind the link in it says that the
shop may write again.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from crm.customers.addresses import normalise
from crm.customers.enums import ConsentPurpose, ConsentState
from crm.customers.intake import take_in_customers
from crm.customers.models import Customer
from crm.customers.register import PersonIn
from crm.customers.services import record_consent
from crm.ledger.enums import Kind
from crm.ledger.services import record_touchpoint
from crm.mail.enums import Purpose
from crm.mail.services import Words, queue_mail
from crm.mail.tokens import unsubscribe_url
from crm.shops.models import Shop
from crm.stages.enums import Stage
from crm.stages.labels import STAGE_NAMES
from diagnosis.models import Attempt, Lead
from diagnosis.rules import assess

SOURCE = "diagnosis"


@transaction.atomic
def take_lead(
    *,
    attempt: Attempt,
    shop: Shop,
    email: str,
    may_contact: bool,
    language: str,
    now: datetime,
) -> Lead | None:
    """Send the result to this address and keep that it was asked for; once for each result.

    Asked again, for the same or another address, the first stands. None for an address whose
    owner was erased, and not to be written to.
    """
    Attempt.objects.select_for_update().get(shop=shop, pk=attempt.pk)
    if lead := Lead.objects.filter(shop=shop, attempt=attempt).first():
        return lead
    customer = _person(shop, email, language)
    if customer is None:
        return None
    lead = Lead.objects.create(
        shop=shop, attempt=attempt, customer=customer, may_contact=may_contact, at=now
    )
    record_touchpoint(
        customer=customer, kind=Kind.INQUIRY, at=now, source=f"diagnosis.lead:{lead.pk}"
    )
    queue_mail(
        customer=customer,
        purpose=Purpose.NEW_LINK,
        words=_words(lead, shop, language),
        due_at=now,
        expires_at=now + timedelta(days=1),
        dedup_key=f"diagnosis.lead:{lead.pk}",
    )
    return lead


@transaction.atomic
def confirm(*, lead: Lead, now: datetime) -> None:
    """The person behind the address says that the shop may write. Saying it twice is once."""
    lead = Lead.objects.select_for_update().get(shop=lead.shop_id, pk=lead.pk)
    if lead.confirmed_at is not None:
        return
    record_consent(
        customer=lead.customer,
        purpose=ConsentPurpose.FOLLOW_UP,
        state=ConsentState.GIVEN,
        at=now,
        evidence={"source": SOURCE, "lead": str(lead.pk)},
    )
    lead.confirmed_at = now
    lead.save(update_fields=["confirmed_at"])


def confirm_token(lead: Lead) -> str:
    return _signer().sign(str(lead.pk))


def lead_by_token(shop_id: int, token: str) -> Lead | None:
    """Whose wish a link confirms; None for anything we did not sign for it."""
    try:
        pk = int(_signer().unsign(token))
    except BadSignature:
        return None
    return Lead.objects.select_related("customer").filter(shop=shop_id, pk=pk).first()


def _person(shop: Shop, email: str, language: str) -> Customer | None:
    """The one person with this address as they are, or a new one: a stranger's form does not
    overwrite what the shop knows. None for somebody who was erased."""
    same = Customer.objects.filter(
        shop=shop, email_norm=normalise(email), erased_at=None, merged_into=None
    )
    known = list(same[:2])
    if len(known) == 1:
        return known[0]
    person = PersonIn(email=email, locale="" if known else language)
    (pk,) = take_in_customers(shop_id=shop.pk, source=SOURCE, people=[person]).people
    assert pk is not None, "an address is always somebody"
    return Customer.objects.filter(shop=shop, pk=pk, erased_at=None).first()


def _words(lead: Lead, shop: Shop, language: str) -> Words:
    """The letter that carries the result, in the language of the page it was asked on."""
    attempt = lead.attempt
    slug = attempt.version.quiz.slug
    query = f"?lang={language}"
    with translation.override(language):
        assessment = assess(attempt.version.content, attempt.answers)
        context = {
            "shop": shop,
            "stage": assessment.stage,
            "means": attempt.version.content.means[assessment.stage],
            "result_url": settings.BASE_URL
            + reverse("quiz_result", args=[slug, attempt.result])
            + query,
            "confirm_url": settings.BASE_URL
            + reverse("quiz_confirm", args=[slug, confirm_token(lead)])
            + query
            if lead.may_contact
            else "",
            "stop_url": unsubscribe_url(lead.customer),
        }
        subject = _("Your result: %(stage)s") % {"stage": STAGE_NAMES[Stage(assessment.stage)]}
        text, html = (
            render_to_string(f"emails/diagnosis{end}", context).strip() for end in (".txt", ".html")
        )
    return Words(language=language, subject=subject, text=f"{text}\n", html=html)


def _signer() -> Signer:
    return Signer(salt="diagnosis.confirm", sep=".")
