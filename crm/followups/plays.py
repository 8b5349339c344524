"""The plays (関わり方): what suits a relationship at its stage, as data, and the choice of one.

A first handful, in the order of what comes first (domain.md, sections 1, 4 and 6). To leave
alone is a play like the others.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm.stages.enums import Balance, Direction, Stage


@dataclass(frozen=True)
class Situation:
    """What a choice rests on, as of the last assessment."""

    stage: Stage
    is_recovery_first: bool = False
    balance: Balance | None = None
    direction: Direction = Direction.STEADY
    words: int = 0
    acts: int = 0
    passes: int = 0


@dataclass(frozen=True)
class Play:
    key: str
    title: str | Promise
    why: str | Promise
    suits: Callable[[Situation], bool]
    is_rest: bool = False  # そっとしておく: the shop refrains, and that is the work


#: What stands before everything else (まずは解決を).
FIRST = "recovery.listen"

PLAYS: tuple[Play, ...] = (
    Play(
        FIRST,
        _("Solve it first"),
        _("Something fell short and is unresolved. Let a person listen before anything else."),
        lambda it: it.is_recovery_first,
    ),
    Play(
        "circulation.thank",
        _("Put thanks into words"),
        _("This person passes the shop on to others. Thank them by name, and ask for nothing."),
        lambda it: it.stage == Stage.CIRCULATION,
    ),
    Play(
        "engagement.entrust",
        _("Leave something to them"),
        _("They move by themselves. Tell them what became of it, and leave the next to them."),
        lambda it: it.stage == Stage.ENGAGEMENT,
    ),
    Play(
        "empathy.reply",
        _("Answer their words by hand"),
        _("They wrote in their own words. A named person answers, to this person alone."),
        lambda it: it.stage == Stage.EMPATHY and it.words > 0,
    ),
    Play(
        "delight.thank",
        _("A line of thanks"),
        _("It was more than they expected. Thank them for telling us, and leave it at that."),
        lambda it: it.stage >= Stage.LANDING and it.balance == Balance.DELIGHTED,
    ),
    Play(
        "empathy.warm",
        _("Let them see who is here"),
        _("It has become quieter. A word from a named person, about the shop and not for a sale."),
        lambda it: it.stage == Stage.EMPATHY and it.direction == Direction.COOLING,
    ),
    Play(
        "landing.rest",
        _("Leave them in peace"),
        _("The worry is settled and the promise kept. Silence suits them; send nothing."),
        lambda it: it.stage == Stage.LANDING,
        is_rest=True,
    ),
)

BY_KEY = {play.key: play for play in PLAYS}


def choose(situation: Situation) -> Play | None:
    """The first play that suits; None for somebody who is only watching from a distance."""
    return next((play for play in PLAYS if play.suits(situation)), None)
