"""What came back: how many were asked and answered, what they felt, and the answers themselves."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Case, CharField, Count, F, OuterRef, Q, QuerySet, Subquery, Value, When

from crm.figures.nps import Nps
from crm.figures.shares import Share
from crm.mail.enums import SENT, MailState
from crm.shops.models import Shop
from crm.stages.enums import Balance
from crm.stages.selectors import rule_of
from surveys.enums import Occasion, Show, SurveyKind
from surveys.models import Invitation, Response, Survey
from surveys.selectors import expectable_until, expectations

#: How far back the figures of a survey look.
LATELY = timedelta(days=90)

#: How far back a filtered list looks: what the stage rule calls inside the window.
A_YEAR = timedelta(days=365)


@dataclass
class Tally:
    """What became of the invitations of a time. `held`, `refrained` and `called_off` are
    counted by their reasons. Who opened a mail nobody can know, so it is not counted."""

    sent: int = 0
    answered: int = 0
    waiting: int = 0
    returned: int = 0
    held: dict[str, int] = field(default_factory=dict)
    refrained: dict[str, int] = field(default_factory=dict)
    called_off: dict[str, int] = field(default_factory=dict)

    @property
    def rate(self) -> int | None:
        """Answers in a hundred mails sent; None while there are too few to say."""
        share = Share(self.answered, self.sent)
        return round(share.percent or 0) if share.is_readable else None


def tally_of(survey: Survey, *, since: datetime) -> Tally:
    """What became of the invitations made since then. Answers left out are not counted."""
    rows = (
        Invitation.objects.filter(shop_id=survey.shop_id, survey=survey, invited_at__gte=since)
        .values_list("mail__state", "mail__reason")
        .annotate(
            invited=Count("pk"),
            answered=Count("response", filter=Q(response__is_suspected=False)),
        )
    )
    tally = Tally()
    for state, reason, invited, answered in rows:
        tally.answered += answered
        if state in SENT:
            tally.sent += invited
        elif state == MailState.BOUNCED:
            tally.returned += invited
        elif state == MailState.DUE and not reason:
            tally.waiting += invited
        else:
            by_reason = {
                MailState.DUE: tally.held,
                MailState.BLOCKED: tally.refrained,
            }.get(state, tally.called_off)
            by_reason[reason or ""] = by_reason.get(reason or "", 0) + invited
    return tally


def nps_of(survey: Survey, *, since: datetime) -> Nps:
    """The answers that count, given since then."""
    scores = (
        _counted(survey, since)
        .filter(invitation__occasion=Occasion.NPS)
        .values_list("touchpoint__value")
        .annotate(Count("pk"))
    )
    by_score: Mapping[int, int] = {int(score): count for score, count in scores}
    return Nps.of(score for score, count in by_score.items() for _ in range(count))


@dataclass
class Felt:
    """How many answers fell below, met, and went beyond what was expected: of pairs, and where
    it could only be asked afterwards. Memory colours the latter, so the two are never added."""

    pairs: Counter[Balance] = field(default_factory=Counter)
    alone: Counter[Balance] = field(default_factory=Counter)

    # Not `pairs.total` in a page: there a counter is asked for its key "total" first, and counts 0.
    @property
    def n_of_pairs(self) -> int:
        return self.pairs.total()

    @property
    def n_of_alone(self) -> int:
        return self.alone.total()

    @property
    def rows_of_pairs(self) -> list[tuple[Balance, int]]:
        return [(balance, self.pairs[balance]) for balance in Balance]

    @property
    def rows_of_alone(self) -> list[tuple[Balance, int]]:
        return [(balance, self.alone[balance]) for balance in Balance]


def felt_of(survey: Survey, shop: Shop, *, since: datetime) -> Felt:
    """What those felt who answered since then."""
    rows = (
        with_balance(_counted(survey, since), shop)
        .exclude(balance="")  # type: ignore[misc]
        .values_list("balance", "invitation__occasion")
        .annotate(Count("pk"))
    )
    felt = Felt()
    for balance, occasion, count in rows:
        counts = felt.alone if occasion == Occasion.PERCEIVED else felt.pairs
        counts[Balance(balance)] += count
    return felt


def suspected_count(survey: Survey, *, most: int = 100) -> int:
    """How many answers are left out as a machine's; `most` stands for that many or more."""
    suspected = Response.objects.filter(
        shop_id=survey.shop_id, survey=survey, is_suspected=True
    ).order_by("pk")
    return len(suspected.values_list("pk")[:most])


def responses_to(
    survey: Survey, shop: Shop, *, show: Show = Show.ALL, now: datetime
) -> QuerySet[Response]:
    """The answers to a survey with who gave them, their words and their balance; narrowed ones
    of the last year only, so that looking for few reads no more than a year."""
    responses = with_balance(
        Response.objects.filter(shop_id=survey.shop_id, survey=survey), shop
    ).select_related(
        "invitation__customer", "invitation__purchase", "invitation__version",
        "touchpoint__text_row", "judged_by",
    )  # fmt: skip
    if show is Show.ALL:
        return responses
    if show is Show.SUSPECTED:
        return responses.filter(is_suspected=True)
    narrowed = responses.filter(is_suspected=False, answered_at__gt=now - A_YEAR)
    if show is Show.WORDS:
        return narrowed.filter(touchpoint__text_row__isnull=False)
    is_nps = survey.kind == SurveyKind.NPS
    if show is Show.DELIGHTED:
        return narrowed.filter(
            Q(touchpoint__value__gte=9) if is_nps else Q(balance=Balance.DELIGHTED)
        )
    return narrowed.filter(
        Q(touchpoint__value__lte=6) if is_nps else Q(balance=Balance.DISSATISFIED)
    )


def signed(points: float) -> str:
    """Points of an NPS as they are written: +24, −8, ±0."""
    whole = round(points)
    return f"{'+' if whole > 0 else '−' if whole else '±'}{abs(whole)}"


def with_balance(responses: QuerySet[Response], shop: Shop) -> QuerySet[Response]:
    """Each answer with the score that was `expected`, and its `balance`: a Balance, or "" where
    there is nothing to compare with. As the stage rule sees the answer that stands."""
    tolerance = rule_of(shop.pk).tolerance
    expected = expectations(
        OuterRef("invitation__purchase"), until=OuterRef("expectable_until")
    ).filter(at__lt=OuterRef("answered_at"))
    gap = F("touchpoint__value") - F("expected")
    return (
        responses.alias(expectable_until=expectable_until(shop, "invitation__purchase__"))
        .annotate(
            expected=Case(
                When(
                    invitation__occasion=Occasion.EVALUATION,
                    then=Subquery(expected.values("value")[:1]),
                )
            )
        )
        .annotate(
            gap=Case(
                When(invitation__occasion=Occasion.PERCEIVED, then=F("touchpoint__value")),
                When(expected__isnull=False, then=gap),
            ),
            band=Case(
                When(invitation__occasion=Occasion.PERCEIVED, then=Value(Decimal(0))),
                default=Value(tolerance),
            ),
        )
        .annotate(
            balance=Case(
                When(gap=None, then=Value("")),
                When(gap__lt=-F("band"), then=Value(Balance.DISSATISFIED.value)),
                When(gap__gt=F("band"), then=Value(Balance.DELIGHTED.value)),
                default=Value(Balance.SATISFIED.value),
                output_field=CharField(),
            )
        )
    )


def _counted(survey: Survey, since: datetime) -> QuerySet[Response]:
    return Response.objects.filter(
        shop_id=survey.shop_id, survey=survey, is_suspected=False, answered_at__gte=since
    )
