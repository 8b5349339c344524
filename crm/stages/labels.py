"""What people read for the words of the stage rule (domain.md, section 6)."""

from collections.abc import Callable

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from crm.stages.enums import Balance, Direction, Mark, Stage

STAGE_NAMES: dict[Stage, Promise] = {
    Stage.OBSERVER: gettext_lazy("Observer"),
    Stage.LANDING: gettext_lazy("Landing"),
    Stage.EMPATHY: gettext_lazy("Empathy"),
    Stage.ENGAGEMENT: gettext_lazy("Engagement"),
    Stage.CIRCULATION: gettext_lazy("Circulation"),
}

# Bare 観測 would sound as if the shop were watching: a gloss always stands beside the name.
STAGE_GLOSSES: dict[Stage, Promise] = {
    Stage.OBSERVER: gettext_lazy("looking on"),
    Stage.LANDING: gettext_lazy("at ease"),
    Stage.EMPATHY: gettext_lazy("a tie between persons"),
    Stage.ENGAGEMENT: gettext_lazy("a matter of one's own"),
    Stage.CIRCULATION: gettext_lazy("supporter and storyteller"),
}

BALANCES: dict[Balance, Promise] = {
    Balance.DISSATISFIED: gettext_lazy("Below what was expected"),
    Balance.SATISFIED: gettext_lazy("As expected"),
    Balance.DELIGHTED: gettext_lazy("Beyond what was expected"),
}

DIRECTIONS: dict[Direction, Promise] = {
    Direction.WARMING: gettext_lazy("Growing warmer"),
    Direction.STEADY: gettext_lazy("As before"),
    Direction.QUIET: gettext_lazy("Quiet"),
    Direction.COOLING: gettext_lazy("Has grown cooler"),
}

MARKS: dict[Mark, Promise] = {
    Mark.RECOVERY_FIRST: gettext_lazy("Solve it first"),
    Mark.STALLED: gettext_lazy("Pausing here"),
    Mark.DORMANT: gettext_lazy("Long without a purchase"),
    Mark.QUIET_REGULAR: gettext_lazy("A quiet regular"),
    Mark.ABOUT_TO_LAPSE: gettext_lazy("May drift away soon"),
}


def need_in_words(fact: str, at_least: str) -> str:
    """What would open the next stage, such as ("acts", "2"): something to wait for, never a lack.

    KeyError for a fact no gate asks for.
    """
    return _NEEDS[fact](at_least)


def _purchase_inside_days(days: str) -> str:
    return _("a purchase within %(days)s days") % {"days": days}


def _purchase_days(count: str) -> str:
    many = ngettext("a purchase", "purchases on %(count)s days", int(count))
    return many % {"count": count}


def _balance(_least: str) -> str:
    return _("an impression as expected, or beyond it")


def _nps(score: str) -> str:
    return _("a likelihood to introduce us of %(score)s or more") % {"score": score}


def _recovered(how: str) -> str:
    if how == "exceeded":
        return _("a response of ours felt to go beyond what was expected")
    return _("a response of ours felt to be as expected, or beyond it")


def _delights(count: str) -> str:
    many = ngettext(
        "an impression beyond what was expected",
        "%(count)s impressions beyond what was expected",
        int(count),
    )
    return many % {"count": count}


def _words(count: str) -> str:
    many = ngettext("words of their own", "words of their own, %(count)s times", int(count))
    return many % {"count": count}


def _acts(count: str) -> str:
    many = ngettext(
        "a day on which they act of their own accord",
        "%(count)s days on which they act of their own accord",
        int(count),
    )
    return many % {"count": count}


def _passes(count: str) -> str:
    count, _slash, apart = count.partition("/")
    if apart:
        return _("the shop passed on %(count)s times, %(apart)s days or more apart") % {
            "count": count,
            "apart": apart,
        }
    many = ngettext("the shop passed on", "the shop passed on %(count)s times", int(count))
    return many % {"count": count}


def _resolution(_least: str) -> str:
    return _("what is unresolved, settled")


_NEEDS: dict[str, Callable[[str], str]] = {
    "purchase_inside_days": _purchase_inside_days,
    "purchase_days": _purchase_days,
    "balance": _balance,
    "nps": _nps,
    "recovered": _recovered,
    "delights": _delights,
    "words": _words,
    "acts": _acts,
    "passes": _passes,
    "resolution": _resolution,
}
