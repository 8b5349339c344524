"""What people say and do of their own accord: words, acts, passes (stages.md, section 1)."""

from collections.abc import Iterable
from datetime import date

from crm.ledger.enums import Kind
from crm.stages.answers import Answers
from crm.stages.enums import Balance
from crm.stages.rule_settings import RuleSettings
from crm.stages.signs import Sign
from crm.stages.timeline import Bought, Entry, Timeline

_WORDED = frozenset(
    {
        Kind.EXPECTATION,
        Kind.EVALUATION,
        Kind.PERCEIVED,
        Kind.NPS,
        Kind.RECOVERY,
        Kind.LETTER,
        Kind.INQUIRY,
        Kind.REPLY,
        Kind.REVIEW,
    }
)
_JOINED = frozenset({Kind.EVENT, Kind.IDEA, Kind.COMMUNITY})


def words(
    entries: Iterable[Entry], answers: Answers, *, settings: RuleSettings
) -> tuple[Sign, ...]:
    """Own words, one sign per response, letter or review, newest first."""
    given = list(entries)
    unwell = {entry.response for entry in given if _is_unwell(entry, answers, settings)}
    by_response: dict[str, Sign] = {}
    for entry in sorted(given, key=lambda entry: (entry.on, entry.source)):
        if _has_own_words(entry, settings) and entry.response not in unwell:
            by_response[entry.response] = Sign(entry.on, (entry.fact.ref,))
    return tuple(sorted(by_response.values(), key=lambda sign: (sign.on, sign.refs), reverse=True))


def _has_own_words(entry: Entry, settings: RuleSettings) -> bool:
    fact = entry.fact
    if fact.kind not in _WORDED:
        return False
    if fact.kind == Kind.REVIEW and (fact.is_rewarded or opens_complaint(entry, settings)):
        return False
    return fact.words_len >= (settings.words_ja if fact.words_is_ja else settings.words_other)


def _is_unwell(entry: Entry, answers: Answers, settings: RuleSettings) -> bool:
    """Whether what was written in the same response was written out of dissatisfaction."""
    fact = entry.fact
    if fact.kind == Kind.NPS:
        return fact.value is not None and fact.value < settings.words_nps
    return answers.verdicts.get(fact.ref) is Balance.DISSATISFIED


def opens_complaint(entry: Entry, settings: RuleSettings) -> bool:
    """Whether it is a review that speaks of a complaint, rewarded or not."""
    fact = entry.fact
    return (
        fact.kind == Kind.REVIEW
        and fact.stars is not None
        and fact.stars <= settings.review_complaint_stars
    )


def passes(
    entries: Iterable[Entry], known: Timeline, *, day: date, settings: RuleSettings
) -> list[Sign]:
    """Every act that carried the shop to others, in the order of the facts.

    A referral and all purchases of that person are one pass, from their first valid
    purchase on; introducing oneself is none.
    """
    given = sorted(entries, key=lambda entry: (entry.first_at, entry.source))
    signs = []
    introduced: set[int] = set()
    for entry in given:
        fact = entry.fact
        if fact.is_rewarded:
            continue
        if fact.kind == Kind.REFERRAL:
            counts_from = _first_purchase(known.introduced.get(fact.id, ()), day)
            if (
                counts_from is None
                or fact.other_id in known.customer_ids
                or (fact.other_id or -fact.id) in introduced
            ):
                continue
            introduced.add(fact.other_id or -fact.id)
            signs.append(Sign(max(entry.on, counts_from), (fact.ref,)))
        elif _is_public_pass(entry, settings):
            signs.append(Sign(entry.on, (fact.ref,)))
    return signs


def _is_public_pass(entry: Entry, settings: RuleSettings) -> bool:
    fact = entry.fact
    if not fact.is_public:
        return False
    return fact.kind == Kind.SHARE or _is_review_of(entry, settings.review_pass_stars, settings)


def _is_review_of(entry: Entry, stars: int, settings: RuleSettings) -> bool:
    """Whether it is a review with text and at least so many stars, and no complaint."""
    fact = entry.fact
    return (
        fact.kind == Kind.REVIEW
        and not opens_complaint(entry, settings)
        and fact.words_len > 0
        and fact.stars is not None
        and fact.stars >= stars
    )


def _first_purchase(bought: Iterable[Bought], day: date) -> date | None:
    return min((one.on for one in bought if one.counts_on(day)), default=None)


def acts(entries: Iterable[Entry], passed: Iterable[Sign], *, settings: RuleSettings) -> list[Sign]:
    """Every voluntary act: joining, giving, reviewing, and each pass."""
    own = [
        Sign(entry.on, (entry.fact.ref,))
        for entry in sorted(entries, key=lambda entry: (entry.first_at, entry.source))
        if not entry.fact.is_rewarded
        and (
            entry.fact.kind in _JOINED or _is_review_of(entry, settings.review_act_stars, settings)
        )
    ]
    return [*passed, *own]
