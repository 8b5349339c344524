"""What the shop asked, refrained from asking, or replied, as rows: mails with their invitations.
What the replies say is written when everybody is judged (suggestion_rows)."""

from collections.abc import Iterator
from datetime import timedelta

from crm.customers import bulk
from crm.customers.models import Customer
from crm.guard.enums import Channel, Moment, Verdict
from crm.guard.models import GuardDecision
from crm.mail.enums import MailReason, MailState, Purpose
from crm.mail.models import Mail, MailContent
from horetsu_site.demo.batch import SOURCE, Batch
from horetsu_site.demo.life import Answer, Asked, Person
from horetsu_site.demo.words import read
from surveys.enums import Occasion, SurveyKind
from surveys.inviting import LINK_LASTS, PURPOSES
from surveys.models import Invitation

_USEFUL_FOR = timedelta(days=14)


def write_mails(batch: Batch) -> None:
    asked = [(each, person, customer) for person, customer in batch.known for each in person.asked]
    asked.sort(key=lambda one: (-one[0].ago, one[0].minute))
    mails = [_mail(each, customer, batch) for each, _person, customer in asked]
    for person, customer in batch.known:
        for answer in _letters(person):
            written = (customer.pk, answer.ago, answer.minute)
            batch.letters[written] = _letter(answer, customer, batch)
    everything: list[Mail] = [*mails, *batch.letters.values()]
    everything.sort(key=lambda mail: mail.due_at)
    bulk.insert(everything)
    known = list(zip(mails, asked, strict=True))
    bulk.insert([_content(mail, person, batch) for mail, (_each, person, _customer) in known])
    for mail, (each, _person, customer) in known:
        place = (customer.pk, each.about, each.occasion.value)
        batch.invitations[place] = _invitation(each, mail, batch)
    bulk.insert(list(batch.invitations.values()))
    GuardDecision.objects.bulk_create(
        [
            _decision(each, mail, batch)
            for mail, (each, _person, _customer) in known
            if each.verdict != Verdict.ALLOW
        ],
        batch_size=1000,
    )


def _mail(asked: Asked, customer: Customer, batch: Batch) -> Mail:
    planned_at = batch.at(asked.ago, asked.minute)
    sent_at = None if asked.sent_ago is None else batch.at(asked.sent_ago, asked.minute)
    state, reason = MailState.DELIVERED, ""
    if sent_at is None and asked.verdict == Verdict.BLOCK:
        state, reason = MailState.BLOCKED, asked.reason.value
    elif sent_at is None:
        state, reason = MailState.CANCELLED, MailReason.TOO_LATE.value
    is_about_us = asked.occasion == Occasion.NPS
    return Mail(
        shop_id=batch.shop.pk,
        customer_id=customer.pk,
        purpose=PURPOSES[asked.occasion],
        purchase_id=None if is_about_us else batch.purchases[customer.pk, asked.about].pk,
        to_address=customer.email,
        state=state,
        reason=reason,
        due_at=planned_at,
        expires_at=planned_at + _USEFUL_FOR,
        dedup_key=f"{SOURCE}:{customer.pk}:{asked.about}:{asked.occasion}",
        sending_since=sent_at,
        accepted_at=sent_at,
        tries=0 if sent_at is None else 1,
    )


def _letters(person: Person) -> Iterator[Answer]:
    """Each answer by mail, once; it may be one to several facts."""
    by_mail = (said.answer for said in person.said if said.answer is not None)
    moments = {(each.ago, each.minute): each for each in by_mail if each.channel == Channel.MAIL}
    yield from moments.values()


def _letter(answer: Answer, customer: Customer, batch: Batch) -> Mail:
    at = batch.at(answer.ago, answer.minute)
    return Mail(
        shop_id=batch.shop.pk,
        customer_id=customer.pk,
        purpose=Purpose.REPLY,
        to_address=customer.email,
        state=MailState.DELIVERED,
        due_at=at,
        expires_at=at + _USEFUL_FOR,
        dedup_key=f"{SOURCE}:{customer.pk}:letter:{answer.ago}:{answer.minute}",
        sending_since=at,
        accepted_at=at,
        tries=1,
    )


def _content(mail: Mail, person: Person, batch: Batch) -> MailContent:
    words = read("words")["mail"][mail.purpose]
    text = words["text"].format(
        name=person.name,
        shop=batch.shop.name,
        keeper=batch.shop.keeper_name,
        title=batch.shop.keeper_title,
    )
    return MailContent(
        shop_id=batch.shop.pk, mail_id=mail.pk, language="ja", subject=words["subject"], text=text
    )


def _invitation(asked: Asked, mail: Mail, batch: Batch) -> Invitation:
    is_about_us = asked.occasion == Occasion.NPS
    version = batch.versions[SurveyKind.NPS if is_about_us else SurveyKind.ORDER]
    return Invitation(
        shop_id=batch.shop.pk,
        survey_id=version.survey_id,
        version_id=version.pk,
        customer_id=mail.customer_id,
        purchase_id=batch.purchases[mail.customer_id, asked.about].pk,
        occasion=asked.occasion,
        nonce=mail.message_id.hex[:16],
        invited_at=mail.due_at,
        expires_at=mail.due_at + LINK_LASTS,
        mail_id=mail.pk,
    )


def _decision(asked: Asked, mail: Mail, batch: Batch) -> GuardDecision:
    is_held = asked.verdict == Verdict.HOLD and asked.sent_ago is not None
    return GuardDecision(
        shop_id=batch.shop.pk,
        customer_id=mail.customer_id,
        mail_id=mail.pk,
        purpose=mail.purpose,
        moment=Moment.PLANNING,
        verdict=asked.verdict,
        reason=asked.reason,
        until_at=mail.sending_since if is_held else None,
        decided_at=mail.due_at,
    )
