"""What the guard would answer about many questions at once, for a look ahead.

The decision is the one of rules.py; only the facts are read together, in the same few
queries however many questions there are. Nothing is judged anew or kept.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Max, Q

from crm.customers.addresses import normalise, stop_hmacs
from crm.customers.enums import ConsentPurpose, ConsentState, SuppressionScope
from crm.customers.models import Consent, Customer, Purchase, Suppression
from crm.guard.rules import ABOUT_AN_ORDER, Case, Decision, Limits, decide
from crm.guard.selectors import limits_of
from crm.ledger.enums import OUR_CONTACTS, Kind, Standing
from crm.ledger.models import Touchpoint
from crm.mail.enums import SENT, Purpose
from crm.mail.models import Mail
from crm.shops.models import Shop
from crm.stages.enums import Mark, Stage
from crm.stages.models import Relationship


@dataclass(frozen=True)
class Question:
    """A question by mail at a moment to come: `purchase` has its customer loaded."""

    purpose: Purpose
    purchase: Purchase
    at: datetime


def foresee_questions(shop: Shop, questions: Sequence[Question]) -> list[Decision]:
    """What the guard would answer to each, by what is stored now; in the order given."""
    if not questions:
        return []
    limits = limits_of(shop.pk)
    known = _Known(shop, questions, limits)
    return [decide(known.case(question), limits) for question in questions]


class _Known:
    """All that is stored about the people and orders of some questions."""

    def __init__(self, shop: Shop, questions: Sequence[Question], limits: Limits) -> None:
        self.shop = shop
        people = {person for each in questions if (person := each.purchase.customer)}
        orders = [question.purchase.pk for question in questions]
        of_people = {"shop_id": shop.pk, "customer_id__in": [person.pk for person in people]}
        of_orders = {"shop_id": shop.pk, "purchase_id__in": orders}
        since = min(question.at for question in questions) - timedelta(days=limits.budget_days)
        self.consents = dict(
            Consent.objects.filter(**of_people, purpose=ConsentPurpose.SURVEY)
            .order_by("customer_id", "-at", "-id")
            .distinct("customer_id")
            .values_list("customer_id", "state")
        )
        self.suppressed = self._suppressed(people)
        self.contacts = _contacts(of_people, since)
        self.nps_asks = dict(
            Mail.objects.filter(**of_people, state__in=SENT, purpose=Purpose.NPS)
            .values_list("customer_id")
            .annotate(Max("sending_since"))
        )
        self.relationships = {
            row.customer_id: row for row in Relationship.objects.filter(**of_people)
        }
        self.asks = dict(
            Mail.objects.filter(**of_orders, purpose__in=ABOUT_AN_ORDER, state__in=SENT)
            .values_list("purchase_id")
            .annotate(Count("pk"))
        )
        self.answered = set(
            Touchpoint.objects.filter(
                **of_orders,
                kind__in=[Kind.EXPECTATION, Kind.EVALUATION, Kind.PERCEIVED],
                standing=Standing.COUNTS,
            ).values_list("purchase_id", flat=True)
        )

    def case(self, question: Question) -> Case:
        """As crm.guard.selectors.case_of, from what was read."""
        person, at = question.purchase.customer, question.at
        assert person is not None, "an order of nobody is not asked about"
        row = self.relationships.get(person.pk)
        consent = self.consents.get(person.pk)
        return Case(
            purpose=question.purpose,
            now=at,
            zone=self.shop.zone,
            stage=row.stage if row else Stage.OBSERVER,
            is_recovery_first=bool(row and Mark.RECOVERY_FIRST in row.marks),
            is_erased=person.erased_at is not None,
            has_address=bool(person.email_norm),
            is_contactable=person.is_contactable,
            is_suppressed=person.pk in self.suppressed,
            is_refused=consent == ConsentState.REFUSED,
            is_opted_in=consent == ConsentState.GIVEN,
            quiet_until=person.quiet_until,
            contacts=tuple(self.contacts[person.pk]),
            last_nps_ask=self.nps_asks.get(person.pk),
            **(self._about(question.purchase) if question.purpose in ABOUT_AN_ORDER else {}),
        )

    def _about(self, purchase: Purchase) -> dict[str, Any]:
        return {
            "ordered_at": purchase.ordered_at,
            "is_order_void": purchase.is_void,
            "asks_about_order": self.asks.get(purchase.pk, 0),
            "has_answered_about_order": purchase.pk in self.answered,
        }

    def _suppressed(self, people: set[Customer]) -> set[int]:
        """The ids of those whose address said stop, or cannot be reached."""
        hmacs = {
            person.pk: stop_hmacs(person.email, shop_id=self.shop.pk)
            for person in people
            if normalise(person.email)
        }
        said_stop = set(
            Suppression.objects.filter(
                Q(scope=SuppressionScope.SURVEY) | Q(scope=SuppressionScope.ALL),
                shop_id=self.shop.pk,
                address_hmac__in=set().union(*hmacs.values()),
            ).values_list("address_hmac", flat=True)
        )
        return {
            person.pk for person in people if person.pk not in hmacs or hmacs[person.pk] & said_stop
        }


def _contacts(of_people: dict[str, Any], since: datetime) -> dict[int, list[datetime]]:
    mails = Mail.objects.filter(**of_people, state__in=SENT, sending_since__gte=since)
    by_hand = Touchpoint.objects.filter(
        **of_people, kind__in=OUR_CONTACTS, standing=Standing.COUNTS, at__gte=since
    )
    contacts: dict[int, list[datetime]] = defaultdict(list)
    for moments in (
        mails.values_list("customer_id", "sending_since"),
        by_hand.values_list("customer_id", "at"),
    ):
        for customer_id, moment in moments:
            if moment is not None:
                contacts[customer_id].append(moment)
    return contacts
