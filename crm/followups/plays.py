"""All plays (関わり方) in the order of what comes first, and the choice among them.

First what is unresolved; then what somebody did for us and nobody thanked for; then words
without a reply; then who grows quiet; then a word at the right time. To leave alone is a play
like the others, and comes last because it is what is right whenever nothing else is.
"""

from collections.abc import Iterator

from crm.followups.catalogue import (
    circulation,
    empathy,
    engagement,
    landing,
    observer,
    recovery,
)
from crm.followups.enums import Call
from crm.followups.play import Play
from crm.followups.situation import Situation

_FROM_THE_CLOSEST = (recovery, circulation, engagement, empathy, landing, observer)

PLAYS: tuple[Play, ...] = tuple(
    sorted((play for each in _FROM_THE_CLOSEST for play in each.PLAYS), key=lambda it: it.call)
)

BY_KEY = {play.key: play for play in PLAYS}


def suiting(situation: Situation) -> Iterator[Play]:
    """Every play that suits, the one that comes first at the beginning.

    While something is unresolved nothing else does. Nothing at all suits somebody who only
    watches from a distance.
    """
    for play in PLAYS:
        if situation.is_recovery_first and play.call != Call.SOLVE:
            return
        if play.suits(situation):
            yield play
