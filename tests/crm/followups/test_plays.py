import pytest

from crm.followups.plays import BY_KEY, PLAYS, Situation, choose
from crm.stages.enums import Balance, Direction, Stage


@pytest.mark.parametrize(
    ("situation", "key"),
    [
        (Situation(Stage.CIRCULATION, is_recovery_first=True), "recovery.listen"),
        (Situation(Stage.OBSERVER, is_recovery_first=True), "recovery.listen"),
        (Situation(Stage.CIRCULATION), "circulation.thank"),
        (Situation(Stage.ENGAGEMENT, words=2), "engagement.entrust"),
        (Situation(Stage.EMPATHY, words=1, balance=Balance.DELIGHTED), "empathy.reply"),
        (Situation(Stage.EMPATHY, balance=Balance.DELIGHTED), "delight.thank"),
        (Situation(Stage.LANDING, balance=Balance.DELIGHTED), "delight.thank"),
        (Situation(Stage.EMPATHY, direction=Direction.COOLING), "empathy.warm"),
        (Situation(Stage.LANDING, balance=Balance.SATISFIED), "landing.rest"),
    ],
)
def test_what_comes_first_is_chosen(situation, key):
    assert choose(situation) is BY_KEY[key]


def test_somebody_who_only_watches_is_left_to_watch():
    assert choose(Situation(Stage.OBSERVER)) is None


def test_every_play_can_be_the_chosen_one():
    found = {
        choose(Situation(stage, is_recovery_first=first, balance=balance, direction=d, words=words))
        for stage in Stage
        for first in (True, False)
        for balance in (None, *Balance)
        for d in Direction
        for words in (0, 1)
    }

    assert set(PLAYS) <= found
