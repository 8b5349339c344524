"""What people said and did, as rows of the ledger."""

from collections.abc import Sequence
from decimal import Decimal

from crm.customers import bulk
from crm.customers.enums import SuppressionReason
from crm.customers.models import Customer
from crm.customers.services import suppress
from crm.ledger.enums import Kind, Standing
from crm.ledger.models import Touchpoint, TouchpointText
from crm.ledger.words import measure
from horetsu_site.demo.batch import SOURCE, Batch
from horetsu_site.demo.life import Person, Said
from surveys.models import Invitation, Response

#: Born without weight until staff call it a personal letter, as in crm.ledger.services.
_BORN_SHOWN = {Kind.INQUIRY, Kind.REPLY}


def write_facts(batch: Batch) -> None:
    introductions = _Introductions(batch.known)
    facts = [
        (said, person, customer, place)
        for person, customer in batch.known
        for place, said in enumerate(person.said)
    ]
    facts.sort(key=lambda one: (-one[0].ago, one[0].minute))
    rows: list[Touchpoint] = []
    texts: list[TouchpointText] = []
    answers: list[tuple[Touchpoint, Invitation]] = []
    told: list[str] = []
    for said, person, customer, place in facts:
        row = _touchpoint(said, customer, place, batch)
        if said.kind == Kind.REFERRAL:
            newcomer = introductions.newcomer(said, customer)
            if newcomer is None:
                continue  # nobody came
            row.other_customer_id = newcomer.pk
        if said.is_asked:
            answers.append((row, _invitation(said, customer, batch)))
        if said.kind == Kind.UNSUBSCRIBED:
            suppress(
                shop_id=batch.shop.pk,
                address=customer.email,
                reason=SuppressionReason.UNSUBSCRIBED,
                at=row.at,
            )
        rows.append(row)
        batch.told.append((said, row))
        told.append(_text(said, person, batch))
    for row, text in zip(rows, told, strict=True):
        row.words_len, row.words_is_ja = measure(text)
    for row, invitation in answers:
        row.source = f"surveys.invitation:{invitation.pk}:1"
        row.response = f"surveys.invitation:{invitation.pk}"
    bulk.insert(rows)
    texts = [
        TouchpointText(shop_id=batch.shop.pk, touchpoint_id=row.pk, text=text)
        for row, text in zip(rows, told, strict=True)
        if text
    ]
    bulk.insert(texts)
    Response.objects.bulk_create(
        [_response(row, invitation) for row, invitation in answers], batch_size=1000
    )


def _touchpoint(said: Said, customer: Customer, place: int, batch: Batch) -> Touchpoint:
    order = None
    if said.about is not None and said.kind != Kind.NPS:
        order = batch.purchases[customer.pk, said.about]
    return Touchpoint(
        shop_id=batch.shop.pk,
        customer_id=customer.pk,
        kind=said.kind,
        at=batch.at(said.ago, said.minute),
        source=f"{SOURCE}:{customer.pk}:{place}",
        purchase_id=order.pk if order else None,
        value=None if said.value is None else Decimal(said.value),
        stars=said.stars,
        is_rewarded=said.is_rewarded,
        is_public=said.is_public,
        thread=f"{SOURCE}:{customer.pk}:{said.thread}" if said.thread else "",
        standing=Standing.SHOWN if said.kind in _BORN_SHOWN else Standing.COUNTS,
    )


def _text(said: Said, person: Person, batch: Batch) -> str:
    if "{tea}" not in said.text:
        return said.text
    order = person.orders[-1 if said.about is None else said.about]
    return said.text.replace("{tea}", batch.tea(order))


def _invitation(said: Said, customer: Customer, batch: Batch) -> Invitation:
    assert said.about is not None, "what is asked by a survey of ours is about an order"
    return batch.invitations[customer.pk, said.about, said.kind.value]


def _response(row: Touchpoint, invitation: Invitation) -> Response:
    assert row.value is not None
    return Response(
        shop_id=row.shop_id,
        survey_id=invitation.survey_id,
        invitation_id=invitation.pk,
        touchpoint_id=row.pk,
        answers={"overall": int(row.value)},
        answered_at=row.at,
    )


class _Introductions:
    """Who came through whom: the person named, else a newcomer of that month nobody brought."""

    def __init__(self, known: Sequence[tuple[Person, Customer]]) -> None:
        self._by_name = {customer.name: customer for _person, customer in known}
        self._newcomers = sorted(known, key=lambda one: -one[0].met_ago)
        named = {said.whom for person, _customer in known for said in person.said if said.whom}
        self._brought = {self._by_name[name].pk for name in named}

    def newcomer(self, said: Said, introduced_by: Customer) -> Customer | None:
        if said.whom:
            return self._by_name[said.whom]
        for person, customer in self._newcomers:
            is_next = said.ago - 30 <= person.met_ago <= said.ago
            if is_next and customer.pk not in {introduced_by.pk, *self._brought}:
                self._brought.add(customer.pk)
                return customer
        return None
