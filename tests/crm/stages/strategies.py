"""Random histories in a small world: short windows and few days, so that everything that
can happen in years happens in weeks, and the oracle can look at every day."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from crm.stages.facts import Fact, History, Purchase
from crm.stages.rule_settings import RuleSettings
from crm.stages.yardsticks import Yardstick

SMALL = RuleSettings(
    gain_days=10,
    keep_days=15,
    landing_days=21,
    expectation_days=2,
    agreed_renewals=2,
    rhythm_default=6,
    rhythm_floor=2,
    circulation_apart_days=3,
    unresolved_step_days=4,
    unresolved_days=17,
    stalled_days=5,
    dormant_days=23,
    regular_purchase_days=3,
    lapse_days=4,
)
YARDSTICK = Yardstick(rhythm_days=4.25, dwell_days=(None, 7.5, 3.0, None))
FIRST = date(2025, 3, 1)
LAST_FACT = FIRST + timedelta(days=40)
# When all windows have run out after the last fact, nothing can change any more.
END = LAST_FACT + timedelta(days=60)  # the stories may run on for some days
ZONES = st.sampled_from([ZoneInfo("Asia/Tokyo"), ZoneInfo("America/New_York")])

_OWN_ID, _FRIENDS = 7, (8, 9)


def days(last: date = LAST_FACT) -> st.SearchStrategy[date]:
    return st.integers(0, (last - FIRST).days).map(lambda day: FIRST + timedelta(days=day))


# Few hours, so that moments are often equal and often near a midnight of one of the zones.
_moments = st.builds(
    lambda day, hour: datetime(day.year, day.month, day.day, hour, tzinfo=UTC),
    st.integers(1, 40).map(lambda day: FIRST + timedelta(days=day)),
    st.sampled_from([0, 4, 15]),
)
_later = st.one_of(st.none(), _moments)


def _purchases(ids: st.SearchStrategy[int]) -> st.SearchStrategy[Purchase]:
    return st.builds(
        Purchase,
        id=ids,
        at=_moments,
        total=st.sampled_from([0, 100, 100, 100]),
        status=st.sampled_from(
            [
                "placed",
                "placed",
                "delivered",
                "delivered",
                "cancelled",
                "returned",
                "sample",
                "test",
            ]
        ),
        voided_at=st.one_of(st.none(), st.none(), _moments),
        refunded=st.sampled_from([0, 0, 0, 40, 100]),
        refunded_at=_later,
        is_foreign=st.sampled_from([False, False, False, True]),
        delivered_at=_later,
        subscription_id=st.sampled_from(["", "", "", "a", "b"]),
        subscription_agreed=st.sampled_from([None, None, 0, 1, 2]),
    )


_VALUES = {
    "expectation": [2, 5, 8],
    "evaluation": [2, 5, 6, 9],
    "perceived": [-1, 0, 1],
    "recovery": [-1, 0, 1],
    "nps": [3, 6, 7, 9, 10],
}
_KINDS = (
    *("expectation", "evaluation", "evaluation", "perceived", "nps", "recovery", "letter"),
    *("inquiry", "reply", "review", "review", "event", "idea", "community", "share", "share"),
    *("referral", "referral", "complaint", "complaint_closed", "complaint_reopened"),
    *("subscription_left", "unsubscribed"),
)


@st.composite
def histories(draw: st.DrawFn) -> History:
    """A few purchases and touchpoints, some of them edited, of customer 7.

    Loose facts alone would rarely meet, so that some come as they belong together.
    """
    purchases = draw(
        st.lists(_purchases(st.integers(1, 6)), max_size=6, unique_by=lambda one: one.id)
    )
    facts: list[Fact] = []
    for _ in range(draw(st.integers(0 if purchases else 1, 5))):
        story = draw(st.sampled_from([_loose, _loose, _asked, _fan, _case]))
        for told in story(draw, purchases, facts):
            facts.append(replace(told, id=len(facts) + 1, source=f"test:{len(facts) + 1}"))
    return History(tuple(purchases), tuple(facts), frozenset({_OWN_ID}))


def _asked(draw: st.DrawFn, purchases: list[Purchase], before: list[Fact]) -> list[Fact]:
    """An order's expectation, mostly in time, and what became of it."""
    if not purchases:
        return []
    about = draw(st.sampled_from(purchases))
    asked_at = about.at + timedelta(hours=draw(st.sampled_from([1, 1, 30, 80])))
    evaluated_at = about.at + timedelta(days=draw(st.integers(1, 9)))
    return [
        _fact(draw, "expectation", asked_at, purchase_id=about.id),
        _fact(draw, "evaluation", evaluated_at, purchase_id=about.id),
    ]


def _fan(draw: st.DrawFn, purchases: list[Purchase], before: list[Fact]) -> list[Fact]:
    """Somebody who joins in, and may carry the shop to others."""
    first_at = draw(_moments)
    gaps = draw(st.lists(st.integers(0, 7), min_size=1, max_size=3))
    kinds = ["community", "share", "share", "nps"]
    moments = [first_at + timedelta(days=sum(gaps[:count])) for count in range(len(gaps) + 1)]
    return [
        _fact(draw, kind, at, is_public=True, words_len=0)
        for kind, at in zip(kinds, moments, strict=False)
    ]


def _case(draw: st.DrawFn, purchases: list[Purchase], before: list[Fact]) -> list[Fact]:
    """A complaint, perhaps settled, perhaps judged, perhaps taken up again."""
    opened_at = draw(_moments)
    gaps = draw(st.lists(st.integers(0, 9), max_size=3))
    kinds = ["complaint", "complaint_closed", "recovery", "complaint_reopened"]
    moments = [opened_at + timedelta(days=sum(gaps[:count])) for count in range(len(gaps) + 1)]
    return [_fact(draw, kind, at, thread="t3") for kind, at in zip(kinds, moments, strict=False)]


def _loose(draw: st.DrawFn, purchases: list[Purchase], before: list[Fact]) -> list[Fact]:
    """Any fact at all, or an edit of one."""
    edited = draw(st.sampled_from([None, None, *before]))
    kind = edited.kind if edited else draw(st.sampled_from(_KINDS))
    told = _fact(
        draw,
        kind,
        draw(_moments),
        purchase_id=edited.purchase_id if edited else draw(st.sampled_from([1, 1, 2, 3, None])),
        standing=draw(st.sampled_from(["counts", "counts", "counts", "shown", "suspected"])),
        is_rewarded=draw(st.sampled_from([False, False, False, True])),
        is_public=draw(st.booleans()),
        replaces_id=edited.id if edited else None,
        response=draw(st.sampled_from(["", "", "r1", "r2"])),
        thread=edited.thread if edited else draw(st.sampled_from(["", "t1", "t1", "t2"])),
    )
    if kind == "review":
        return [replace(told, stars=draw(st.sampled_from([None, 1, 2, 3, 4, 5])))]
    if kind == "referral":
        others = tuple(draw(st.lists(_purchases(st.integers(11, 13)), max_size=2)))
        other_id = draw(st.sampled_from([None, _OWN_ID, *_FRIENDS]))
        return [replace(told, other_id=other_id, others=others)]
    return [told]


def _fact(draw: st.DrawFn, kind: str, at: datetime, **kwargs: Any) -> Fact:
    scored = _VALUES.get(kind)
    given: dict[str, Any] = {
        "value": Decimal(draw(st.sampled_from(scored))) if scored else None,
        "words_len": draw(st.sampled_from([0, 0, 0, 10, 25, 45])),
        "words_is_ja": draw(st.booleans()),
    }
    return Fact(id=0, kind=kind, at=at, source="", **given | kwargs)
