"""What was counted, read as figures: pure. Nothing here asks the database or knows a page."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from crm.figures.nps import Change, Nps, change
from crm.figures.shares import Mean, Share
from crm.stages.enums import Balance, Stage

_BALANCES = {-1: Balance.DISSATISFIED, 0: Balance.SATISFIED, 1: Balance.DELIGHTED}


@dataclass(frozen=True)
class Standing:
    """A stage now: how many stand there, how many more than before the period, how many of them
    pause, have grown cooler, or rose to it or came down to it in the period."""

    stage: Stage
    people: int
    more: int
    pausing: int
    cooler: int
    rose: int
    came_down: int


@dataclass(frozen=True)
class Followed:
    """What people did in the days after an answer; shares are of those who gave it."""

    n: int
    complained: Share
    repeated: Share
    passed: Share
    spent: Mean  # an order, in hundredths

    @classmethod
    def read(cls, told: dict[str, Any]) -> Self:
        n = told["n"]
        return cls(
            n=n,
            complained=Share(told.get("complained", 0), n),
            repeated=Share(told["repeated"], n),
            passed=Share(told["passed"], n),
            spent=Mean(*told.get("spent", (0, None, None))),
        )


@dataclass(frozen=True)
class Feelings:
    """How many answers of one kind came out which way in the period, and what followed those
    that are old enough to know."""

    lately: dict[Balance, int]
    followed: dict[Balance, Followed]

    @property
    def n(self) -> int:
        return sum(self.lately.values())

    @property
    def has_followed(self) -> bool:
        return any(one.n for one in self.followed.values())


@dataclass(frozen=True)
class Loyalty:
    """The three reasons why loyalty pays, in a period."""

    repeated: Share  # of those who bought
    passers: int
    passes: int
    spent: Mean


@dataclass(frozen=True)
class Report:
    """The figures of a period."""

    until_on: date
    days: int
    months: list[tuple[date, list[int]]]  # people at each stage at the end of a day
    standings: list[Standing]  # from Observer up
    warmed: int  # people who stand higher than before the period
    came_down: int
    nps: Nps
    nps_change: Change | None  # None where either side has too few answers to be read
    nps_trend: list[tuple[date, Nps]]
    nps_followed: list[Followed]  # promoters, passives, detractors
    pairs: Feelings
    compared: Feelings
    loyalty: Loyalty
    loyalty_before: Loyalty
    withheld: list[dict[str, Any]]
    sent: int
    people: dict[str, list[int]]  # customers' ids

    @property
    def is_empty(self) -> bool:
        return not any(one.people for one in self.standings)

    @property
    def cooler(self) -> int:
        return sum(one.cooler for one in self.standings)

    @property
    def most_paused(self) -> Standing | None:
        """Where most people pause, from Landing on: to look on for long is nobody's pause."""
        pausing = [one for one in self.standings if one.stage > Stage.OBSERVER and one.pausing]
        return max(pausing, key=lambda one: one.pausing, default=None)

    @property
    def withheld_count(self) -> int:
        return sum(one["held"] + one["refrained"] for one in self.withheld)


def read(numbers: dict[str, Any]) -> Report:
    """The report of what `crm.figures.counting.count` counted, fresh or kept."""
    ends = [(date.fromisoformat(one["on"]), one["people"]) for one in numbers["stages"]]
    until_on, days = date.fromisoformat(numbers["until_on"]), numbers["days"]
    by_day = dict(ends)
    before_on = date.fromordinal(until_on.toordinal() - days)
    shown = {date.fromisoformat(one["on"]) for one in numbers["nps_trend"]}
    moves = numbers["moves"]
    nps, nps_before = Nps(*numbers["nps"]), Nps(*numbers["nps_before"])
    is_comparable = nps.is_readable and nps_before.is_readable
    return Report(
        until_on=until_on,
        days=days,
        months=[(day, people) for day, people in ends if day in shown],
        standings=_standings(by_day[until_on], by_day[before_on], moves, numbers["still"]),
        warmed=sum(people for before, now, people in moves if now > before),
        came_down=sum(people for before, now, people in moves if now < before),
        nps=nps,
        nps_change=change(nps_before, nps) if is_comparable else None,
        nps_trend=[
            (date.fromisoformat(one["on"]), Nps(*one["people"])) for one in numbers["nps_trend"]
        ],
        nps_followed=[Followed.read(one) for one in numbers["nps_followed"]],
        pairs=_feelings(numbers["feelings"], is_pair=True),
        compared=_feelings(numbers["feelings"], is_pair=False),
        loyalty=_loyalty(numbers["loyalty"]),
        loyalty_before=_loyalty(numbers["loyalty_before"]),
        withheld=numbers["withheld"],
        sent=numbers["sent"],
        people=numbers["people"],
    )


def _standings(
    now: list[int], before: list[int], moves: list[list[int]], still: list[list[int]]
) -> list[Standing]:
    judged = {stage: rest for stage, *rest in still}
    return [
        Standing(
            stage=stage,
            people=now[stage],
            more=now[stage] - before[stage],
            pausing=judged.get(stage, (0, 0, 0))[1],
            cooler=judged.get(stage, (0, 0, 0))[2],
            rose=sum(people for was, is_, people in moves if is_ == stage and was < stage),
            came_down=sum(people for was, is_, people in moves if is_ == stage and was > stage),
        )
        for stage in Stage
    ]


def _feelings(rows: list[dict[str, Any]], *, is_pair: bool) -> Feelings:
    told = {_BALANCES[one["balance"]]: one for one in rows if one["is_pair"] is is_pair}
    nothing = {"lately": 0, "followed": 0, "complained": 0, "repeated": 0, "passed": 0}
    by_balance = {balance: told.get(balance, nothing) for balance in _BALANCES.values()}
    return Feelings(
        lately={balance: one["lately"] for balance, one in by_balance.items()},
        followed={
            balance: Followed.read(one | {"n": one["followed"]})
            for balance, one in by_balance.items()
        },
    )


def _loyalty(told: dict[str, Any]) -> Loyalty:
    return Loyalty(
        repeated=Share(told["repeaters"], told["buyers"]),
        passers=told["passers"],
        passes=told["passes"],
        spent=Mean(*told["spent"]),
    )
